import { describeStock } from './stock'

jest.setTimeout(60_000)

describe('chromium', () => describeStock('chromium'))
