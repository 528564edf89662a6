import { describeHold } from './hold'

jest.setTimeout(240_000)

describe('chromium', () => describeHold())
