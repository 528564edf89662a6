import { describeSeparate } from './separate'

jest.setTimeout(240_000)

describe('chromium, a private window', () => describeSeparate('chromium', 'private window'))
