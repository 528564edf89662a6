import { describeSeparate } from './separate'

jest.setTimeout(240_000)

describe.each(['private window', 'container'] as const)('firefox, a %s', (where) => describeSeparate('firefox', where))
