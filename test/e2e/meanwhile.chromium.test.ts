import { describeMeanwhile } from './meanwhile'

jest.setTimeout(240_000)

describe('chromium', () => describeMeanwhile('chromium'))
