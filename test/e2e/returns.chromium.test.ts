import { describeReturns } from './returns'

jest.setTimeout(240_000)

describe('chromium', () => describeReturns('chromium'))
