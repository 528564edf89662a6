import { describeLate } from './late'

jest.setTimeout(60_000)

describe('firefox', () => describeLate('firefox'))
