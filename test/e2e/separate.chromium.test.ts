import { describeSeparate } from './separate'

jest.setTimeout(240_000)

describe('chromium', () => describeSeparate('chromium'))
