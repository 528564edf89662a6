import { describeFaults } from './faults'

jest.setTimeout(240_000)

describe('firefox', () => describeFaults('firefox'))
