import { describeReloads } from './reload'

jest.setTimeout(240_000)

describe('firefox', () => describeReloads('firefox'))
