import { describeUpdate } from './update'

jest.setTimeout(60_000)

describe('firefox', () => describeUpdate('firefox'))
