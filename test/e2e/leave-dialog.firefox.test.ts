import { describeLeaveDialog } from './leave-dialog'

jest.setTimeout(240_000)

describe('firefox', () => describeLeaveDialog('firefox'))
