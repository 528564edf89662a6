import { describeScope } from './scope'

jest.setTimeout(240_000)

describe('chromium', () => describeScope('chromium'))
