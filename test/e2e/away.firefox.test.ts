import { describeAway } from './away'

jest.setTimeout(240_000)

describe('firefox', () => describeAway('firefox'))
