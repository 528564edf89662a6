import { describeContacts } from './contacts'

jest.setTimeout(60_000)

describe('firefox', () => describeContacts('firefox'))
