import { describeFieldCloses } from './field-closes'

jest.setTimeout(480_000)

describe('firefox', () => describeFieldCloses('firefox'))
