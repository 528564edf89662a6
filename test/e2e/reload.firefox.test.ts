import { describeReloads } from './reload'

jest.setTimeout(60_000)

describe('firefox', () => describeReloads('firefox'))
