import fc from 'fast-check'
import type { Pace } from '../../../src/domain/hold'
import { holdFor, isWarm } from '../../../src/domain/hold'
import { T0 } from './build'

const pace = (changes: Partial<Pace> = {}): Pace => ({
  roundTripMs: 60,
  connectMs: null,
  reused: true,
  shared: false,
  idleMs: 2_000,
  at: T0,
  ...changes,
})
const hold = (measured: Pace | null, later = 0, cap = 1_000): number =>
  holdFor(measured, { holdMs: cap, lastWindow: true }, T0 + later)

test.each([0, 60, 250])(
  'an open connection at a round trip of %i ms holds for less than that and 50 ms',
  (roundTripMs) => {
    expect(hold(pace({ roundTripMs }))).toBeLessThan(roundTripMs + 50)
  },
)

test.each([
  [0, 40],
  [25, 65],
  [40, 80],
  [5_000, 80],
])('an open connection at a round trip of %i ms holds for %i ms', (roundTripMs, held) => {
  expect(hold(pace({ roundTripMs }))).toBe(held)
})

test('a new connection holds until it is made, and a moment more', () => {
  expect(hold(pace({ reused: false, roundTripMs: 250, connectMs: 505 }))).toBe(605)
})

test('a connection that may have been closed since holds for a new one, of three round trips where none was measured', () => {
  expect(hold(pace(), 60_000)).toBe(80)
  expect(hold(pace(), 60_001)).toBe(280)
  expect(hold(pace({ connectMs: 122 }), 60_001)).toBe(222)
})

test('a connection that has been idle for long before, or never is, is trusted for longer', () => {
  expect(isWarm(pace({ idleMs: 300_000 }), T0 + 300_000)).toBe(true)
  expect(isWarm(pace({ idleMs: 300_000 }), T0 + 300_001)).toBe(false)
  expect(isWarm(pace({ shared: true }), T0 + 3_600_000)).toBe(true)
  expect(isWarm(pace({ shared: true, reused: false }), T0)).toBe(false)
})

test('where nothing was measured it is a cautious one', () => {
  expect(hold(null)).toBe(600)
})

test('it never is more than the settings allow, and nothing while another window is open', () => {
  const some = fc.record({
    roundTripMs: fc.nat(5_000),
    connectMs: fc.option(fc.nat(5_000)),
    reused: fc.boolean(),
    shared: fc.boolean(),
    idleMs: fc.nat(600_000),
    at: fc.constant(T0),
  })
  fc.assert(
    fc.property(fc.option(some), fc.nat(600_000), fc.nat(5_000), (measured, later, cap) => {
      expect(holdFor(measured, { holdMs: cap, lastWindow: true }, T0 + later)).toBeLessThanOrEqual(cap)
      expect(holdFor(measured, { holdMs: cap, lastWindow: false }, T0 + later)).toBe(0)
    }),
  )
})
