import { describeDeadMansSwitch } from './dead-mans-switch'

jest.setTimeout(240_000)

describe('chromium', () => describeDeadMansSwitch())
