import { describeRestore } from './restore'

jest.setTimeout(240_000)

describe('chromium', () => describeRestore('chromium'))
