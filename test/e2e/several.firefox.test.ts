import { describeSeveral } from './several'

jest.setTimeout(60_000)

describe('firefox', () => describeSeveral('firefox'))
