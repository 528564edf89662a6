import { describeReturns } from './returns'

jest.setTimeout(240_000)

describe('firefox', () => describeReturns('firefox'))
