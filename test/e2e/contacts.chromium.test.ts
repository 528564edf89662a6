import { describeContacts } from './contacts'

jest.setTimeout(60_000)

describe('chromium', () => describeContacts('chromium'))
