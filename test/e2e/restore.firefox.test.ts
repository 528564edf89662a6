import { describeRestore } from './restore'

jest.setTimeout(60_000)

describe('firefox', () => describeRestore('firefox'))
