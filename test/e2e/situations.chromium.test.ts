import { describeSituations } from './situations'

jest.setTimeout(240_000)

describe('chromium', () => describeSituations('chromium'))
