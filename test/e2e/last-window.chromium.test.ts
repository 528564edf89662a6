import { describeLastWindow } from './last-window'

jest.setTimeout(60_000)

describe('chromium', () => describeLastWindow('chromium'))
