import { describeSeveral } from './several'

jest.setTimeout(240_000)

describe('firefox', () => describeSeveral('firefox'))
