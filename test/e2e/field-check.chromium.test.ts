import { describeFieldCheck } from './field-check'

jest.setTimeout(480_000)

describe('chromium', () => describeFieldCheck('chromium'))
