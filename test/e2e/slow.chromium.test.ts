import { describeSlow } from './slow'

jest.setTimeout(240_000)

describe('chromium', () => describeSlow('chromium'))
