import { describeLastWindow } from './last-window'

jest.setTimeout(240_000)

describe('chromium', () => describeLastWindow('chromium'))
