import { describeUpdate } from './update'

jest.setTimeout(240_000)

describe('chromium', () => describeUpdate('chromium'))
