import { describeSituations } from './situations'

jest.setTimeout(240_000)

describe('firefox', () => describeSituations('firefox'))
