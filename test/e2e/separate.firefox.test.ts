import { describeSeparate } from './separate'

jest.setTimeout(240_000)

describe('firefox', () => describeSeparate('firefox'))
