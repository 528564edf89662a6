import { describeMeanwhile } from './meanwhile'

jest.setTimeout(60_000)

describe('firefox', () => describeMeanwhile('firefox'))
