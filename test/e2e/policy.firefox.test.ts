import { describePolicy } from './policy'

jest.setTimeout(120_000)

describe('firefox', () => describePolicy('firefox'))
