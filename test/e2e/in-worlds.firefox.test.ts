import { describeInWorlds } from './in-worlds'

jest.setTimeout(240_000)

describe('firefox', () => describeInWorlds('firefox'))
