import fc from 'fast-check'
import type { Measurement, NetworkTiming } from '../../../src/domain/hold-time'
import { holdFor, isUndecided, isWarm, needsWarmUp, withMeasured } from '../../../src/domain/hold-time'
import { T0 } from './build'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const timing = (changes: Partial<NetworkTiming> = {}): NetworkTiming => ({
  roundTripMs: 60,
  connectMs: null,
  reused: true,
  shared: false,
  at: T0,
  goesCold: false,
  timesOpen: 0,
  isKept: true,
  ...changes,
})
const measured = (changes: Partial<Measurement> = {}): Measurement => {
  const { roundTripMs, connectMs, reused, shared, at } = timing(changes)
  return { roundTripMs, connectMs, reused, shared, at }
}
/** A timed measurement, a minute after the one before. */
const timed = (known: NetworkTiming, changes: Partial<Measurement> = {}): NetworkTiming =>
  withMeasured({ ...known, at: T0 - 60_000 }, measured(changes), 'timed')
/** An idle connection was found closed. */
const cold = timed(timing(), { reused: false, connectMs: 120 })
const hold = (known: NetworkTiming | null, later = 0, cap = 1_000): number =>
  holdFor(known, { holdMs: cap, lastWindow: true }, T0 + later)

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
  expect(hold(timing({ reused: false, roundTripMs: 250, connectMs: 500 }))).toBe(650)
})

test('a connection that may have closed holds for a new one, of three round trips if none was measured', () => {
  expect(hold(timing(), 59_999)).toBe(80)
  expect(hold(timing(), 60_000)).toBe(298)
  expect(hold(timing({ connectMs: 122 }), 60_000)).toBe(234)
})

test('a connection that is always in use is open', () => {
  expect(isWarm(timing({ shared: true }), T0 + 3_600_000)).toBe(true)
  expect(isWarm(timing({ shared: true, reused: false }), T0)).toBe(false)
})

test('a connection that was found open five times, besides the first request, is trusted until it is measured again', () => {
  let known = withMeasured(null, measured(), 'timed')
  for (let nth = 0; nth < 5; nth += 1) {
    expect(isUndecided(known)).toBe(true)
    expect(isWarm(known, T0 + 59_999)).toBe(true)
    expect(isWarm(known, T0 + 60_000)).toBe(false)
    known = timed(known)
  }
  expect(isUndecided(known)).toBe(false)
  expect(isWarm(known, T0 + 300_000)).toBe(true)
  expect(timed(known, { reused: false }).goesCold).toBe(true)
})

test('a measurement that comes with Streams’ own requests shows nothing of idle connections', () => {
  let known = withMeasured(null, measured(), 'timed')
  for (let nth = 0; nth < 9; nth += 1) known = withMeasured({ ...known, at: T0 - 60_000 }, measured(), 'any')
  expect(isUndecided(known)).toBe(true)
  const closed = withMeasured({ ...known, at: T0 - 60_000 }, measured({ reused: false }), 'any')
  expect(closed).toMatchObject({ goesCold: false, timesOpen: 0 })
})

test('the first measurement on a network needs a new connection, whatever the server does with idle ones', () => {
  let known = withMeasured(null, measured({ reused: false }), 'timed')
  for (let nth = 0; nth < 5; nth += 1) known = timed(known)
  expect(isWarm(known, T0 + 300_000)).toBe(true)
  expect(hold(known, 300_000)).toBe(80)
})

test('a clock that was set back makes no connection a fresh one', () => {
  const now = T0 - 3_600_000
  expect(isWarm(timing(), now)).toBe(false)
  expect(isWarm(cold, now)).toBe(false)
  expect(needsWarmUp(cold, now)).toBe(true)
  expect(needsWarmUp({ ...cold, openingSince: T0 }, now)).toBe(true)
})

test.each([
  ['the first request found one open', withMeasured(null, measured(), 'timed'), true],
  ['each is closed after its answer', withMeasured(null, measured({ reused: false }), 'timed'), false],
  ['one was found closed', cold, false],
  ['it carries other requests as well', withMeasured(null, measured({ shared: true }), 'timed'), false],
])('where %s, it is undecided whether connections go cold: %#', (_where, known, undecided) => {
  expect(isUndecided(known)).toBe(undecided)
})

describe('where an idle connection was found closed', () => {
  test('one is trusted only right after it has answered', () => {
    expect(isWarm(cold, T0 + 3_999)).toBe(true)
    expect(isWarm(cold, T0 + 4_000)).toBe(false)
    expect(needsWarmUp(cold, T0 + 3_999)).toBe(false)
    expect(needsWarmUp(cold, T0 + 4_000)).toBe(true)
  })

  test('one that was open is trusted no longer, however often: others may have used it', () => {
    let open = cold
    for (let nth = 0; nth < 9; nth += 1) open = timed(open)
    expect(open).toMatchObject({ goesCold: true, connectMs: 120 })
    expect(isWarm(open, T0 + 4_000)).toBe(false)
  })

  test('the last window is held like with an open one, once it was opened again', () => {
    expect(hold(withMeasured(cold, measured({ reused: false, connectMs: 121 }), 'any'), 3_000)).toBe(80)
  })

  test.each([
    [0, 232],
    [60, 220],
    [100, 180],
    [120, 160],
    [180, 100],
  ])('one that is being opened for %i ms is waited for, until it is free', (openingMs, heldMs) => {
    const now = 60_000
    expect(hold({ ...cold, openingSince: T0 + now - openingMs }, now)).toBe(heldMs)
  })

  test('one that is overdue, or would take long, is waited for like a new one', () => {
    const now = 60_000
    expect(hold({ ...cold, openingSince: T0 + now - 181 }, now)).toBe(232)
    expect(hold({ ...cold, roundTripMs: 400, openingSince: T0 + now }, now)).toBe(232)
  })

  test('one that is being opened is not opened once more, unless it is long overdue', () => {
    const opening = { ...cold, openingSince: T0 + 60_000 }
    expect(needsWarmUp(opening, T0 + 63_999)).toBe(false)
    expect(needsWarmUp(opening, T0 + 64_000)).toBe(true)
    // The measurement is its end.
    expect(withMeasured(opening, measured({ reused: false }), 'any').openingSince).toBeUndefined()
  })
})

test.each([
  ['connections were found to stay open', timing({ timesOpen: 5 })],
  [
    'the connection carries other requests as well',
    withMeasured(null, measured({ shared: true, reused: false }), 'any'),
  ],
])('no connection is opened in advance if %s', (_why, known) => {
  expect(needsWarmUp(known, T0 + 3_600_000)).toBe(false)
})

describe('while it is undecided whether connections go cold', () => {
  test('one is opened in advance, unless the last has just answered', () => {
    expect(needsWarmUp(timing(), T0 + 3_999)).toBe(false)
    expect(needsWarmUp(timing(), T0 + 4_000)).toBe(true)
    expect(needsWarmUp({ ...timing(), openingSince: T0 + 4_000 }, T0 + 4_120)).toBe(false)
  })

  test('the hold waits for a request that opens one, which shows then whether one was open', () => {
    const opening = timing({ connectMs: 120, openingSince: T0 + 10_000 })
    expect(isWarm(opening, T0 + 10_001)).toBe(true)
    expect(hold(opening, 10_001)).toBe(232)
    expect(hold(opening, 10_120)).toBe(160)
    expect(hold(withMeasured(opening, measured({ at: T0 + 10_061 }), 'any'), 10_120)).toBe(80)
  })

  test('a measurement beside such a request, or soon after another, counts for nothing', () => {
    const opening = timing({ openingSince: T0 + 20_000 })
    const now = { at: T0 + 20_030 }
    expect(withMeasured(opening, measured({ ...now, reused: false }), 'timed')).toMatchObject({ goesCold: false })
    expect(withMeasured(opening, measured(now), 'timed')).toMatchObject({ timesOpen: 0 })
    const soon = { at: T0 + 9_999 }
    expect(withMeasured(timing(), measured({ ...soon, reused: false }), 'timed')).toMatchObject({ goesCold: false })
    expect(withMeasured(timing(), measured(soon), 'timed')).toMatchObject({ timesOpen: 0 })
  })
})

describe('where each connection is closed after its answer', () => {
  const first = withMeasured(null, measured({ reused: false, connectMs: 500, roundTripMs: 250 }), 'timed')
  const closing = withMeasured(first, measured({ reused: false, connectMs: 500, roundTripMs: 250 }), 'right_after')

  test('the hold is that of a new one, however lately one has answered', () => {
    for (const goesCold of [false, true]) expect(hold({ ...closing, goesCold })).toBe(650)
  })

  test('none is opened in advance', () => {
    for (const goesCold of [false, true]) expect(needsWarmUp({ ...closing, goesCold }, T0 + 10_000)).toBe(false)
  })

  test('a request right after another shows it, whatever was known before', () => {
    expect(withMeasured(timing(), measured({ reused: false }), 'right_after').isKept).toBe(false)
    expect(withMeasured(closing, measured(), 'right_after').isKept).toBe(true)
  })

  test('any request that finds one open shows that they are kept; a later one that finds none shows nothing', () => {
    expect(withMeasured(closing, measured(), 'any').isKept).toBe(true)
    for (const moment of ['timed', 'any'] as const) {
      expect(withMeasured(timing(), measured({ reused: false }), moment).isKept).toBe(true)
    }
  })

  test('a request right after another shows nothing else', () => {
    const known = timed(timing(), { reused: false, connectMs: 120 })
    for (const isKept of [true, false]) {
      const later = measured({ reused: isKept, at: T0 + 20_000, roundTripMs: 70 })
      expect(withMeasured(known, later, 'right_after')).toEqual({ ...known, isKept })
    }
  })
})

test('without a measurement the hold is cautious', () => {
  expect(hold(null)).toBe(650)
})

test('the hold is never longer than the settings allow, and zero while another window is open', () => {
  const some = fc.record({
    roundTripMs: fc.nat(5_000),
    connectMs: fc.option(fc.nat(5_000)),
    reused: fc.boolean(),
    shared: fc.boolean(),
    at: fc.constant(T0),
    goesCold: fc.boolean(),
    timesOpen: fc.nat(5),
    isKept: fc.boolean(),
    openingSince: fc.integer({ min: T0, max: T0 + 600_000 }),
  })
  fc.assert(
    fc.property(fc.option(some), fc.nat(600_000), fc.nat(5_000), (known, later, cap) => {
      expect(holdFor(known, { holdMs: cap, lastWindow: true }, T0 + later)).toBeLessThanOrEqual(cap)
      expect(holdFor(known, { holdMs: cap, lastWindow: false }, T0 + later)).toBe(0)
    }),
  )
})
