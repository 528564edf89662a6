import { describeDeadMansSwitch } from './dead-mans-switch'

jest.setTimeout(60_000)

describe('chromium', () => describeDeadMansSwitch())
