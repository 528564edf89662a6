import { describeStays } from './stays'

jest.setTimeout(60_000)

describe('firefox', () => describeStays('firefox'))
