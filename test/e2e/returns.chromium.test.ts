import { describeReturns } from './returns'

jest.setTimeout(60_000)

describe('chromium', () => describeReturns('chromium'))
