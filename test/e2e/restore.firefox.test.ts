import { describeRestore } from './restore'

jest.setTimeout(240_000)

describe('firefox', () => describeRestore('firefox'))
