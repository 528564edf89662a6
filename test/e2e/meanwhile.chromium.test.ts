import { describeMeanwhile } from './meanwhile'

jest.setTimeout(60_000)

describe('chromium', () => describeMeanwhile('chromium'))
