import { describeMeanwhile } from './meanwhile'

jest.setTimeout(240_000)

describe('firefox', () => describeMeanwhile('firefox'))
