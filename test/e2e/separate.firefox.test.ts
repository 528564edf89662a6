import { describeSeparate } from './separate'

jest.setTimeout(60_000)

describe('firefox', () => describeSeparate('firefox'))
