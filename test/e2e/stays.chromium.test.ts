import { describeStays } from './stays'

jest.setTimeout(240_000)

describe('chromium', () => describeStays('chromium'))
