import { describeLeaveDialog } from './leave-dialog'

jest.setTimeout(60_000)

describe('chromium', () => describeLeaveDialog('chromium'))
