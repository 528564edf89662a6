import { describeScope } from './scope'

jest.setTimeout(60_000)

describe('chromium', () => describeScope('chromium'))
