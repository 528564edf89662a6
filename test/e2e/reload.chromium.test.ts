import { describeReloads } from './reload'

jest.setTimeout(60_000)

describe('chromium', () => describeReloads('chromium'))
