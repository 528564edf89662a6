import { describeLate } from './late'

jest.setTimeout(60_000)

describe('chromium', () => describeLate('chromium'))
