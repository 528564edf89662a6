import { describeNotices } from './notices'

jest.setTimeout(240_000)

describe('chromium', () => describeNotices('chromium'))
