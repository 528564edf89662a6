import { describeStock } from './stock'

jest.setTimeout(240_000)

describe('firefox', () => describeStock('firefox'))
