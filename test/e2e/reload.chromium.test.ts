import { describeReloads } from './reload'

jest.setTimeout(240_000)

describe('chromium', () => describeReloads('chromium'))
