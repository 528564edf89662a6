import { describeSeparate } from './separate'

jest.setTimeout(60_000)

describe('chromium', () => describeSeparate('chromium'))
