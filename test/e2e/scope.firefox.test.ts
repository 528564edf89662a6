import { describeScope } from './scope'

jest.setTimeout(240_000)

describe('firefox', () => describeScope('firefox'))
