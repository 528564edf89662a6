import fc from 'fast-check'
import type { NetworkTiming } from '../../../src/domain/hold-time'
import { holdFor, isWarm, needsWarmUp, withMeasured } from '../../../src/domain/hold-time'
import { T0 } from './build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const timing = (changes: Partial<NetworkTiming> = {}): NetworkTiming => ({
  roundTripMs: 60,
  connectMs: null,
  reused: true,
  shared: false,
  idleMs: 2_000,
  at: T0,
  ...changes,
})
const hold = (measured: NetworkTiming | null, later = 0, cap = 1_000): number =>
  holdFor(measured, { holdMs: cap, lastWindow: true }, T0 + later)

test.each([0, 60, 250])(
  'an open connection with a round trip of %i ms holds for less than that plus 50 ms',
  (roundTripMs) => {
    expect(hold(timing({ roundTripMs }))).toBeLessThan(roundTripMs + 50)
  },
)

test.each([
  [0, 40],
  [25, 65],
  [40, 80],
  [5_000, 80],
])('an open connection with a round trip of %i ms holds for %i ms', (roundTripMs, held) => {
  expect(hold(timing({ roundTripMs }))).toBe(held)
})

test('a new connection holds until it is made, plus a moment', () => {
  expect(hold(timing({ reused: false, roundTripMs: 250, connectMs: 505 }))).toBe(605)
})

test('a connection that may have closed holds for a new one, of three round trips if none was measured', () => {
  expect(hold(timing(), 60_000)).toBe(80)
  expect(hold(timing(), 60_001)).toBe(280)
  expect(hold(timing({ connectMs: 122 }), 60_001)).toBe(222)
})

test('a connection that survived a long idle time, or is always in use, is trusted for longer', () => {
  expect(isWarm(timing({ idleMs: 300_000 }), T0 + 300_000)).toBe(true)
  expect(isWarm(timing({ idleMs: 300_000 }), T0 + 300_001)).toBe(false)
  expect(isWarm(timing({ shared: true }), T0 + 3_600_000)).toBe(true)
  expect(isWarm(timing({ shared: true, reused: false }), T0)).toBe(false)
})

test('a connection that stays open is trusted until it is measured again', () => {
  const open = timing({ goesCold: false })
  expect(isWarm(open, T0 + 300_000)).toBe(true)
  expect(withMeasured(open, timing({ at: T0 + 1 }), false)).toMatchObject({ goesCold: false })
  expect(withMeasured(open, timing({ reused: false }), false)).toMatchObject({ goesCold: true })
  expect(isWarm(timing({ goesCold: false, reused: false }), T0)).toBe(false)
})

describe('where an idle connection was found closed', () => {
  const cold = withMeasured(null, timing({ reused: false, connectMs: 120, idleMs: 10_000 }), false)

  test('one is trusted only right after it has answered', () => {
    expect(isWarm(cold, T0 + 4_000)).toBe(true)
    expect(isWarm(cold, T0 + 4_001)).toBe(false)
    expect(needsWarmUp(cold, T0 + 4_000)).toBe(false)
    expect(needsWarmUp(cold, T0 + 4_001)).toBe(true)
  })

  test.each([8_000, 300_000])(
    'one that was open after %i ms is trusted no longer: others may have used it',
    (idleMs) => {
      const open = withMeasured(cold, timing({ idleMs }), false)
      expect(open).toMatchObject({ goesCold: true, connectMs: 120 })
      expect(isWarm(open, T0 + 4_001)).toBe(false)
    },
  )

  test('the last window is held like with an open one, once it was opened again', () => {
    const opened = withMeasured(cold, timing({ reused: false, connectMs: 121, idleMs: 60_000 }), false)
    expect(hold(opened, 3_000)).toBe(80)
    expect(opened.goesCold).toBe(true)
  })

  test.each([
    [0, 220],
    [100, 160],
    [120, 140],
    [180, 80],
    [5_000, 80],
  ])('one that is being opened for %i ms is waited for, until it is free', (openingMs, heldMs) => {
    const now = 60_000
    expect(hold({ ...cold, openingSince: T0 + now - openingMs }, now)).toBe(heldMs)
  })

  test('one that takes long to answer is waited for no longer than a new one', () => {
    const slow = { ...cold, roundTripMs: 400, openingSince: T0 + 60_000 }
    expect(hold(slow, 60_000)).toBe(220)
  })
})

test.each([
  ['nothing was measured', null],
  ['no connection was found closed', timing({ reused: false, connectMs: 120 })],
  ['the connection carries other requests as well', withMeasured(null, timing({ shared: true, reused: false }), false)],
  ['the first request of a page opened its own connection', withMeasured(null, timing({ reused: false }), true)],
])('no connection is opened in advance if %s', (_why, measured) => {
  expect(needsWarmUp(measured, T0 + 3_600_000)).toBe(false)
})

test('without a measurement the hold is cautious', () => {
  expect(hold(null)).toBe(600)
})

test('the hold is never longer than the settings allow, and zero while another window is open', () => {
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
