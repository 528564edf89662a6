import { describePages } from './pages'

jest.setTimeout(240_000)

describe('chromium', () => describePages('chromium'))
