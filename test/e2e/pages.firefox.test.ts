import { describePages } from './pages'

jest.setTimeout(240_000)

describe('firefox', () => describePages('firefox'))
