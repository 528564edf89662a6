import { describeRecovery } from './recovery'

jest.setTimeout(60_000)

describe('firefox', () => describeRecovery('firefox'))
