import { describeAway } from './away'

jest.setTimeout(60_000)

describe('chromium', () => describeAway('chromium'))
