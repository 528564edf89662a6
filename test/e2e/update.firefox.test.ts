import { describeUpdate } from './update'

jest.setTimeout(240_000)

describe('firefox', () => describeUpdate('firefox'))
