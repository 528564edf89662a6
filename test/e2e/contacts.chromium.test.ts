import { describeContacts } from './contacts'

jest.setTimeout(240_000)

describe('chromium', () => describeContacts('chromium'))
