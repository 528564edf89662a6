import * as fc from 'fast-check'
import { hasPassed, passesAt } from '../../../src/domain/clock'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const T0 = 1_700_000_000_000

test('a pause passes with time', () => {
  expect(hasPassed(T0, 2_000, T0 + 1_999)).toBe(false)
  expect(hasPassed(T0, 2_000, T0 + 2_000)).toBe(true)
})

test('a time noted in the future counts as passed: the clock was set back since', () => {
  expect(hasPassed(T0, 2_000, T0 - 3_600_000)).toBe(true)
  // Two processes may read slightly different times at the same moment.
  expect(hasPassed(T0, 2_000, T0 - 10)).toBe(false)
})

test('a pause is never longer than intended, whatever the clock does', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.integer({ min: -10_000_000, max: 10_000_000 }), (ms, jump) => {
      const now = T0 + jump
      expect(passesAt(T0, ms, now) - now).toBeLessThanOrEqual(ms + 1_000)
      expect(passesAt(T0, ms, now) <= now).toBe(hasPassed(T0, ms, now))
    }),
  )
})
