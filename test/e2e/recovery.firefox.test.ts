import { describeRecovery } from './recovery'

jest.setTimeout(240_000)

describe('firefox', () => describeRecovery('firefox'))
