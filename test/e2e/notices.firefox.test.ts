import { describeNotices } from './notices'

jest.setTimeout(60_000)

describe('firefox', () => describeNotices('firefox'))
