import { describePolicy } from './policy'

jest.setTimeout(240_000)

describe('firefox', () => describePolicy('firefox'))
