import { describePopup } from './popup'

jest.setTimeout(60_000)

describe('chromium', () => describePopup('chromium'))
