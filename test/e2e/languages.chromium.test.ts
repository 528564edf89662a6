import { describeLanguages } from './languages'

jest.setTimeout(240_000)

describe('chromium', () => describeLanguages('chromium'))
