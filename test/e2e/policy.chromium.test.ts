import { describePolicy } from './policy'

jest.setTimeout(240_000)

describe('chromium', () => describePolicy('chromium'))
