import { describePopup } from './popup'

jest.setTimeout(240_000)

describe('firefox', () => describePopup('firefox'))
