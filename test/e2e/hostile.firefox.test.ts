import { describeHostile } from './hostile'

jest.setTimeout(240_000)

describe('firefox', () => describeHostile('firefox'))
