import { describeFleet } from './fleet'

jest.setTimeout(240_000)

describe('firefox', () => describeFleet('firefox'))
