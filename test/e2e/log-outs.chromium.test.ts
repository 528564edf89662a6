import { describeLogOuts } from './log-outs'

jest.setTimeout(240_000)

describe('chromium', () => describeLogOuts('chromium'))
