import { describeStock } from './stock'

jest.setTimeout(240_000)

describe('chromium', () => describeStock('chromium'))
