import { describeHostile } from './hostile'

jest.setTimeout(240_000)

describe('chromium', () => describeHostile('chromium'))
