import { describeCloses } from './closes'

jest.setTimeout(60_000)

describe('firefox', () => describeCloses('firefox'))
