import { describePages } from './pages'

jest.setTimeout(60_000)

describe('firefox', () => describePages('firefox'))
