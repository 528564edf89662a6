import { describeSeveral } from './several'

jest.setTimeout(240_000)

describe('chromium', () => describeSeveral('chromium'))
