import { describeNotices } from './notices'

jest.setTimeout(60_000)

describe('chromium', () => describeNotices('chromium'))
