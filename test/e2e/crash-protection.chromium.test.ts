import { describeCrashProtection } from './crash-protection'

jest.setTimeout(240_000)

describe('chromium', () => describeCrashProtection())
