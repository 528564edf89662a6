import { describeWatchdog } from './watchdog'

jest.setTimeout(240_000)

describe('firefox', () => describeWatchdog('firefox'))
