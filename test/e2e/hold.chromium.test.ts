import { describeHold } from './hold'

jest.setTimeout(60_000)

describe('chromium', () => describeHold())
