import { describeStock } from './stock'

jest.setTimeout(60_000)

describe('firefox', () => describeStock('firefox'))
