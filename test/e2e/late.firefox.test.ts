import { describeLate } from './late'

jest.setTimeout(240_000)

describe('firefox', () => describeLate('firefox'))
