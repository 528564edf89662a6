import { describeContactStates } from './contact-states'

jest.setTimeout(240_000)

describe('chromium', () => describeContactStates('chromium'))
