import { describeContacts } from './contacts'

jest.setTimeout(240_000)

describe('firefox', () => describeContacts('firefox'))
