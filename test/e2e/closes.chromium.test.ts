import { describeCloses } from './closes'

jest.setTimeout(240_000)

describe('chromium', () => describeCloses('chromium'))
