import { describeWatchdog } from './watchdog'

jest.setTimeout(240_000)

describe('chromium', () => describeWatchdog('chromium'))
