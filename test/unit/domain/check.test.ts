import fc from 'fast-check'
import type { Denier, Finding, Check } from '../../../src/domain/check'
import { afterAttempt, failuresOf, HELP_AFTER_MS, isDue, isRefusedForLong, startCheck } from '../../../src/domain/check'
import { GIVE_UP_ATTEMPTS, GIVE_UP_MS, SHORT_GIVE_UP_MS } from '../../../src/domain/check-back-off'
import { LIVE_LIMIT_MS, WAIT_FOR_CONTACT_MS } from '../../../src/domain/waiting'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const T0 = 1_700_000_000_000
const HOUR = 60 * 60_000
const LONGEST_PAUSE_MS = 1.25 * 300_000
const finding = fc.oneof<fc.Arbitrary<Finding>[]>(
  fc.constant({ kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } }),
  fc.constant({ kind: 'no_answer', error: 'x' }),
  fc.constant({ kind: 'ended', reason: 'forbidden' }),
  fc.constantFrom<Finding[]>(
    { kind: 'denied', reason: 'signed_out', by: 'authorize', times: 1 },
    { kind: 'denied', reason: 'refused', by: 'forbidden', times: 3 },
    { kind: 'denied', reason: 'refused', by: 'nobody', times: 1 },
  ),
  fc.constant({ kind: 'offline', by: 'asked' }),
)

test('a check always ends, at the latest one pause after the limit, and stays ended', () => {
  fc.assert(
    fc.property(
      fc.array(finding, { minLength: 60, maxLength: 60 }),
      fc.boolean(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (found, isAccepted, jitter) => {
        let check: Check = startCheck(T0, { isAccepted })
        // Four times over: an instance that never answers is asked 180 times.
        for (const each of [...found, ...found, ...found, ...found]) {
          const { nextAt, end } = check
          if (end === null) {
            expect(nextAt).not.toBeNull()
            expect(nextAt ?? 0).toBeLessThanOrEqual(T0 + GIVE_UP_MS + LONGEST_PAUSE_MS)
          }
          const next = afterAttempt(check, each, nextAt ?? T0, jitter)
          if (end !== null) expect(next).toBe(check)
          // Only Connect's answer that the agent is Offline confirms.
          if (next.end?.confirmed && end === null) expect(each.kind).toBe('offline')
          check = next
        }
        expect(check.end).not.toBeNull()
      },
    ),
  )
})

test('agents who close together do not all ask at the same moment', () => {
  const first = (jitter: number) => afterAttempt(startCheck(T0), { kind: 'no_answer', error: '' }, T0, jitter).nextAt
  expect(first(0)).toBe(T0 + 750)
  expect(first(1)).toBe(T0 + 1_250)
})

const NOTHING: Finding = { kind: 'no_answer', error: '' }

/** Asks whenever a question is due, for this long, with the same finding each time. */
function watch(from: Check, found: Finding, ms: number, startAt = T0): Check {
  let check = from
  for (let now = check.nextAt ?? startAt; now < startAt + ms; now = check.nextAt ?? Infinity) {
    check = afterAttempt(check, found, now, 1)
  }
  return check
}

describe('an instance that does not answer', () => {
  const begin = (): Check => startCheck(T0)

  test('is asked for as long as a session there may last', () => {
    expect(watch(begin(), NOTHING, GIVE_UP_MS).end).toBeNull()
    expect(watch(begin(), NOTHING, GIVE_UP_MS + LONGEST_PAUSE_MS).end).toMatchObject({ reason: 'no_answer' })
  })

  test('is asked every minute at first, and never less often than every six', () => {
    const within = (ms: number): number => failuresOf(watch(begin(), NOTHING, ms))
    expect(within(SHORT_GIVE_UP_MS)).toBeGreaterThanOrEqual(27)
    expect(within(SHORT_GIVE_UP_MS + HOUR) - within(SHORT_GIVE_UP_MS)).toBeGreaterThanOrEqual(9)
    expect(within(GIVE_UP_MS)).toBeLessThan(180)
  })

  test('is asked for longer where the machine has slept meanwhile', () => {
    const early = watch(begin(), NOTHING, SHORT_GIVE_UP_MS)
    expect(afterAttempt(early, NOTHING, T0 + 60 * HOUR, 0).end).toBeNull()
  })

  test('is asked for half an hour where Connect has accepted Offline', () => {
    const accepted = startCheck(T0, { isAccepted: true })
    expect(watch(accepted, NOTHING, SHORT_GIVE_UP_MS - 60_000).end).toBeNull()
    expect(watch(accepted, NOTHING, SHORT_GIVE_UP_MS + 120_000).end).toMatchObject({ reason: 'no_answer' })
  })

  test('is asked for as long as any other where a look contradicts what Connect has accepted', () => {
    const seen = afterAttempt(startCheck(T0, { isAccepted: true }), NOTHING, T0, 0, true)
    // Looks that meet nobody later do not make it true.
    expect(watch(seen, NOTHING, GIVE_UP_MS - HOUR).end).toBeNull()
    expect(watch(seen, NOTHING, GIVE_UP_MS + HOUR).end).toMatchObject({ confirmed: false, reason: 'not_shown' })
  })

  test.each<Finding>([
    { kind: 'denied', reason: 'refused', by: 'forbidden', times: 3 },
    { kind: 'denied', reason: 'refused', by: 'nobody', times: 1 },
    { kind: 'ended', reason: 'forbidden' },
    { kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } },
  ])('a look that contradicts what Connect has accepted is remembered, whatever comes after it: %j', (found) => {
    expect(afterAttempt(startCheck(T0, { isAccepted: true }), found, T0, 0, true).isContradicted).toBe(true)
  })

  test('a clock that was set back makes a question due at once', () => {
    const { nextAt } = watch(begin(), NOTHING, 2 * HOUR)
    expect(isDue({ ...begin(), nextAt }, (nextAt ?? 0) - LONGEST_PAUSE_MS)).toBe(false)
    expect(isDue({ ...begin(), nextAt }, (nextAt ?? 0) - HOUR)).toBe(true)
  })
})

describe('contacts', () => {
  const CALL: Finding = { kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } }
  const WORK: Finding = { kind: 'contact', occupation: { kind: 'work', ended: ['a'], isReady: false } }

  test('a call is awaited up to its limit, and checked often enough', () => {
    const waiting = watch(startCheck(T0), CALL, LIVE_LIMIT_MS)
    expect(waiting.end).toBeNull()
    expect((waiting.nextAt ?? 0) - (waiting.waiting?.seenAt ?? 0)).toBeLessThanOrEqual(1.25 * WAIT_FOR_CONTACT_MS)
    expect(1.25 * WAIT_FOR_CONTACT_MS).toBeLessThanOrEqual(30_000)
    const over = watch(waiting, CALL, LIVE_LIMIT_MS + 60_000)
    expect(over.end).toMatchObject({ confirmed: false, reason: 'contact' })
  })

  test('a call that is seen after a long outage is awaited for as long as any other', () => {
    const silent = watch(startCheck(T0), NOTHING, LIVE_LIMIT_MS + HOUR)
    const from = silent.nextAt ?? 0
    const waiting = watch(silent, CALL, LIVE_LIMIT_MS, from)
    expect(waiting.end).toBeNull()
    expect(watch(waiting, CALL, LIVE_LIMIT_MS + 60_000, from).end).toMatchObject({ reason: 'contact' })
  })

  test('a machine that slept during a call has waited for it no longer', () => {
    const once = afterAttempt(startCheck(T0), CALL, T0, 0)
    expect(afterAttempt(once, CALL, T0 + 2 * LIVE_LIMIT_MS, 0).end).toBeNull()
  })

  test('waiting for a contact is not a failure; a network failure after it gets its own time', () => {
    const called = watch(startCheck(T0), CALL, HOUR)
    expect(failuresOf(called)).toBe(0)
    const from = called.waiting?.seenAt ?? 0
    const silent = watch(called, NOTHING, GIVE_UP_MS - 60_000, from)
    expect(failuresOf(silent)).toBeGreaterThanOrEqual(GIVE_UP_ATTEMPTS)
    expect(silent.end).toBeNull()
    expect(watch(silent, NOTHING, GIVE_UP_MS + LONGEST_PAUSE_MS, from).end).toMatchObject({ reason: 'no_answer' })
  })

  test('a machine that slept during a call has not failed', () => {
    const called = watch(startCheck(T0), CALL, HOUR)
    expect(afterAttempt(called, NOTHING, T0 + 3 * GIVE_UP_MS, 0).end).toBeNull()
  })

  test('after-contact work has its own limit, whatever went before', () => {
    const called = watch(startCheck(T0), CALL, LIVE_LIMIT_MS - 60_000)
    expect(watch(called, WORK, LIVE_LIMIT_MS + HOUR).end).toBeNull()
  })

  test('a state that nobody can leave, and that could not be set, is finally reported as stuck', () => {
    const stuck = watch(startCheck(T0), { ...NOTHING, isStuck: true }, GIVE_UP_MS + LONGEST_PAUSE_MS)
    expect(stuck.end).toMatchObject({ confirmed: false, reason: 'stuck' })
  })

  test('a check stored by older versions continues', () => {
    const old: Check = { ...startCheck(T0), attempts: 5, sawContact: true }
    expect(failuresOf(old)).toBe(5)
    expect(afterAttempt(old, CALL, T0 + 5, 0)).toMatchObject({ failures: 0, end: null })
    expect(afterAttempt(old, NOTHING, T0 + 5, 0)).toMatchObject({ failures: 6, end: null })
  })
})

describe('a denial', () => {
  const denial = (by: Denier, times: number): Finding => ({ kind: 'denied', reason: 'signed_out', by, times })
  /** Asks whenever a question is due, until the check ends. */
  function askUntilOver(found: Finding): {
    readonly attempts: number
    readonly afterMs: number
    readonly end: unknown
  } {
    let check = startCheck(T0)
    let now = T0
    while (check.end === null) {
      now = check.nextAt ?? now
      check = afterAttempt(check, found, now, 0.5)
    }
    return { attempts: check.attempts, afterMs: now - T0, end: check.end }
  }

  test.each<[string, Denier, number, number, number]>([
    ['of a token counts at the third time', 'authorize', 1, 0, 5_000],
    ['by 401 counts as late as in Streams', 'unauthorized', 3, 95_000, 125_000],
    ['by 403 counts as late as in Streams', 'forbidden', 3, 45_000, 60_000],
    ['not made by Connect is treated like no answer', 'nobody', 1, GIVE_UP_MS, GIVE_UP_MS + LONGEST_PAUSE_MS],
  ])('%s', (_what, by, times, from, until) => {
    const { afterMs, end } = askUntilOver(denial(by, times))
    expect(afterMs).toBeGreaterThanOrEqual(from)
    expect(afterMs).toBeLessThanOrEqual(until)
    expect(end).toMatchObject({ confirmed: false, reason: 'signed_out' })
  })

  test('that ends is forgotten: a later one is counted from its own beginning', () => {
    const once = afterAttempt(startCheck(T0), denial('authorize', 2), T0, 0)
    const between = afterAttempt(once, { kind: 'no_answer', error: '' }, T0 + 2_000, 0)
    expect(afterAttempt(between, denial('authorize', 2), T0 + 4_000, 0).end).toBeNull()
    expect(afterAttempt(once, denial('authorize', 2), T0 + 4_000, 0).end).not.toBeNull()
  })

  test.each<[Denier, number]>([
    ['unauthorized', 3],
    ['forbidden', 3],
    ['authorize', 1],
  ])('after a long outage is asked about as often as any other (%s)', (by, times) => {
    const silent = watch(startCheck(T0), NOTHING, HOUR)
    const denied = (check: Check): Check => afterAttempt(check, denial(by, times), check.nextAt ?? 0, 0.5)
    expect(denied(silent).end).toBeNull()
    expect(denied(denied(silent)).end).toBeNull()
  })

  test('in turns by different parts of Connect ends, too', () => {
    let check = startCheck(T0)
    for (let nth = 0; check.end === null; nth += 1) {
      const found = denial(nth % 2 === 0 ? 'unauthorized' : 'forbidden', 3)
      check = afterAttempt(check, found, check.nextAt ?? 0, 0.5)
    }
    expect(check.end.at - T0).toBeLessThanOrEqual(SHORT_GIVE_UP_MS + LONGEST_PAUSE_MS)
  })

  test('of the background that persists calls for help while asking goes on', () => {
    const refused: Finding = { kind: 'denied', reason: 'refused', by: 'forbidden', times: 1 }
    const first = afterAttempt(startCheck(T0), refused, T0, 0)
    expect(isRefusedForLong(first, T0 + HELP_AFTER_MS - 1)).toBe(false)
    expect(isRefusedForLong(first, T0 + HELP_AFTER_MS)).toBe(true)
    expect(isRefusedForLong(startCheck(T0), T0 + HELP_AFTER_MS)).toBe(false)
  })
})

test('that somebody took a contact since the close is remembered', () => {
  const occupation = { kind: 'live', ended: [], isReady: true } as const
  const seen = afterAttempt(startCheck(T0), { kind: 'contact', occupation, isAnswered: true }, T0, 0)
  const later = afterAttempt(seen, { kind: 'contact', occupation }, T0 + 9_000, 0)
  expect(later.isAnswered).toBe(true)
})
