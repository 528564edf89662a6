import { describeNotices } from './notices'

jest.setTimeout(240_000)

describe('firefox', () => describeNotices('firefox'))
