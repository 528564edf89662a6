import { describeFaults } from './faults'

jest.setTimeout(60_000)

describe('firefox', () => describeFaults('firefox'))
