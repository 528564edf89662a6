import { describeLogOuts } from './log-outs'

jest.setTimeout(240_000)

describe('firefox', () => describeLogOuts('firefox'))
describe('firefox, without the Navigation API', () => describeLogOuts('firefox', false))
