import { describePopup } from './popup'

jest.setTimeout(60_000)

describe('firefox', () => describePopup('firefox'))
