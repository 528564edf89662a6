import fc from 'fast-check'
import type { AgentState, ContactFacts } from '../../../src/domain/agent'
import type { LeftBehind } from '../../../src/domain/judge-snapshot'
import type { Denier, Finding, Verification } from '../../../src/domain/verification'
import { judgeSnapshot, wasAnswered } from '../../../src/domain/judge-snapshot'
import {
  afterAttempt,
  failuresOf,
  FEWEST_ATTEMPTS,
  GIVE_UP_MS,
  HELP_AFTER_MS,
  isRefusedForLong,
  startVerification,
} from '../../../src/domain/verification'
import { LIVE_LIMIT_MS, WAIT_FOR_CONTACT_MS } from '../../../src/domain/waiting'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const T0 = 1_700_000_000_000
const state = (type: AgentState['type'], since: number | null = T0): AgentState => ({
  name: type,
  type,
  arn: `arn:${type}`,
  startTimestamp: since,
})
const AVAILABLE = state('routable')
const left = (before: AgentState, sawContact = false): LeftBehind => ({ state: before, sawContact, isAnswered: false })
const judge = (now: AgentState, contact?: string, sawContact = false) =>
  judgeSnapshot(left(AVAILABLE, sawContact), {
    state: now,
    contacts: contact ? [{ channel: 'chat', state: contact }] : [],
  })

test.each([
  ['is Offline', state('offline', T0 + 9), undefined, false, 'offline'],
  ['is Offline, with a contact', state('offline'), 'connected', false, 'offline'],
  ['is as the close left them', AVAILABLE, undefined, false, 'set'],
  ['is as the close left them, with a rounded time', state('routable', T0 + 4), undefined, false, 'set'],
  ['became Available again', state('routable', T0 + 60_000), undefined, false, 'superseded'],
  ['became Available again after a contact', state('routable', T0 + 60_000), undefined, true, 'set'],
  ['has a chat', AVAILABLE, 'connected', false, 'contact'],
  ['has work after a chat', AVAILABLE, 'ended', false, 'work'],
  ['has chosen another state, with work after a chat', state('not_routable'), 'ended', true, 'changed'],
  ['has missed a chat', AVAILABLE, 'missed', false, 'set'],
  ['is on a call', state('system', T0 + 5_000), 'connected', false, 'contact'],
  ['has work after a call', state('system', T0 + 5_000), 'ended', false, 'work'],
  ['is in a system state, without a contact', state('system'), undefined, true, 'contact'],
  ['has missed a call', state('error', T0 + 5_000), 'error', false, 'set'],
  ['has missed a call, and is on a chat', state('error', T0 + 5_000), 'connected', false, 'contact'],
  ['has missed a call, with work after a chat', state('error', T0 + 5_000), 'ended', false, 'work'],
  ['is at lunch', state('not_routable', T0 + 5_000), undefined, false, 'changed'],
  ['was Offline before the closed period', state('offline', T0 - 3_600_000), undefined, false, 'stale'],
  ['was Available before the closed period', state('routable', T0 - 3_600_000), undefined, false, 'stale'],
  ['has no known time', state('routable', null), undefined, false, 'changed'],
] as const)('an agent who %s', (_, now, contact, sawContact, verdict) => {
  expect(judge(now, contact, sawContact)).toBe(verdict)
})

test.each([
  [state('routable', T0 + 60_000), 'set'],
  [{ ...AVAILABLE, arn: 'arn:other' }, 'superseded'],
  [state('not_routable', T0 + 60_000), 'changed'],
] as const)(
  'a closed state without a start time, whose restore was under way, is compared by the state itself',
  (now, verdict) => {
    expect(judgeSnapshot(left({ ...AVAILABLE, startTimestamp: null }), { state: now, contacts: [] })).toBe(verdict)
  },
)

test('another state of type routable is not the one that was closed', () => {
  expect(judge({ ...AVAILABLE, arn: 'arn:other' })).toBe('superseded')
})

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

test('a verification always ends, at the latest one pause after the limit, and stays ended', () => {
  fc.assert(
    fc.property(
      fc.array(finding, { minLength: 60, maxLength: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (found, jitter) => {
        let verification: Verification = startVerification(T0)
        for (const each of found) {
          const { nextAt, end } = verification
          if (end === null) {
            expect(nextAt).not.toBeNull()
            expect(nextAt ?? 0).toBeLessThanOrEqual(T0 + GIVE_UP_MS + 90_000)
          }
          const next = afterAttempt(verification, each, nextAt ?? T0, jitter)
          if (end !== null) expect(next).toBe(verification)
          // Only Connect's answer that the agent is Offline confirms.
          if (next.end?.confirmed && end === null) expect(each.kind).toBe('offline')
          verification = next
        }
        expect(verification.end).not.toBeNull()
      },
    ),
  )
})

test('agents who close together do not all ask at the same moment', () => {
  const first = (jitter: number) =>
    afterAttempt(startVerification(T0), { kind: 'no_answer', error: '' }, T0, jitter).nextAt
  expect(first(0)).toBe(T0 + 750)
  expect(first(1)).toBe(T0 + 1_250)
})

describe('contacts', () => {
  const CALL: Finding = { kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } }
  const WORK: Finding = { kind: 'contact', occupation: { kind: 'work', ended: ['a'], isReady: false } }
  const NOTHING: Finding = { kind: 'no_answer', error: '' }

  /** Asks whenever a question is due, for this long, with the same finding each time. */
  function watch(from: Verification, found: Finding, ms: number, startAt = T0): Verification {
    let verification = from
    for (let now = verification.nextAt ?? startAt; now < startAt + ms; now = verification.nextAt ?? Infinity) {
      verification = afterAttempt(verification, found, now, 1)
    }
    return verification
  }

  test('a call is awaited up to its limit, and checked often enough', () => {
    const waiting = watch(startVerification(T0), CALL, LIVE_LIMIT_MS)
    expect(waiting.end).toBeNull()
    expect((waiting.nextAt ?? 0) - (waiting.waiting?.seenAt ?? 0)).toBeLessThanOrEqual(1.25 * WAIT_FOR_CONTACT_MS)
    expect(1.25 * WAIT_FOR_CONTACT_MS).toBeLessThanOrEqual(30_000)
    const over = watch(waiting, CALL, LIVE_LIMIT_MS + 60_000)
    expect(over.end).toMatchObject({ confirmed: false, reason: 'contact' })
  })

  test('waiting for a contact is not a failure; a network failure after it gets its own half hour', () => {
    const called = watch(startVerification(T0), CALL, 2 * GIVE_UP_MS)
    expect(failuresOf(called)).toBe(0)
    const from = called.waiting?.seenAt ?? 0
    const silent = watch(called, NOTHING, GIVE_UP_MS - 60_000, from)
    expect(failuresOf(silent)).toBeGreaterThanOrEqual(FEWEST_ATTEMPTS)
    expect(silent.end).toBeNull()
    expect(watch(silent, NOTHING, GIVE_UP_MS + 120_000, from).end).toMatchObject({ reason: 'no_answer' })
  })

  test('a machine that slept during a call has not failed', () => {
    const called = watch(startVerification(T0), CALL, GIVE_UP_MS)
    expect(afterAttempt(called, NOTHING, T0 + 3 * GIVE_UP_MS, 0).end).toBeNull()
  })

  test('after-contact work has its own limit, whatever went before', () => {
    const called = watch(startVerification(T0), CALL, LIVE_LIMIT_MS - 60_000)
    expect(watch(called, WORK, LIVE_LIMIT_MS + GIVE_UP_MS).end).toBeNull()
  })

  test('a state that nobody can leave, and that could not be set, is finally reported as stuck', () => {
    const stuck = watch(startVerification(T0), { ...NOTHING, isStuck: true }, GIVE_UP_MS + 120_000)
    expect(stuck.end).toMatchObject({ confirmed: false, reason: 'stuck' })
  })

  test('a verification stored by older versions continues', () => {
    const old: Verification = { ...startVerification(T0), attempts: 5, sawContact: true }
    expect(failuresOf(old)).toBe(5)
    expect(afterAttempt(old, CALL, T0 + 5, 0)).toMatchObject({ failures: 0, end: null })
    expect(afterAttempt(old, NOTHING, T0 + 5, 0)).toMatchObject({ failures: 6, end: null })
  })
})

describe('a denial', () => {
  const denial = (by: Denier, times: number): Finding => ({ kind: 'denied', reason: 'signed_out', by, times })
  /** Asks whenever a question is due, until the verification ends. */
  function askUntilOver(found: Finding): {
    readonly attempts: number
    readonly afterMs: number
    readonly end: unknown
  } {
    let verification = startVerification(T0)
    let now = T0
    while (verification.end === null) {
      now = verification.nextAt ?? now
      verification = afterAttempt(verification, found, now, 0.5)
    }
    return { attempts: verification.attempts, afterMs: now - T0, end: verification.end }
  }

  test.each<[string, Denier, number, number, number]>([
    ['of a token counts at the third time', 'authorize', 1, 0, 5_000],
    ['by 401 counts as late as in Streams', 'unauthorized', 3, 95_000, 125_000],
    ['by 403 counts as late as in Streams', 'forbidden', 3, 45_000, 60_000],
    ['not made by Connect is treated like no answer', 'nobody', 1, GIVE_UP_MS, GIVE_UP_MS + 90_000],
  ])('%s', (_what, by, times, from, until) => {
    const { afterMs, end } = askUntilOver(denial(by, times))
    expect(afterMs).toBeGreaterThanOrEqual(from)
    expect(afterMs).toBeLessThanOrEqual(until)
    expect(end).toMatchObject({ confirmed: false, reason: 'signed_out' })
  })

  test('that ends is forgotten: a later one is counted from its own beginning', () => {
    const once = afterAttempt(startVerification(T0), denial('authorize', 2), T0, 0)
    const between = afterAttempt(once, { kind: 'no_answer', error: '' }, T0 + 2_000, 0)
    expect(afterAttempt(between, denial('authorize', 2), T0 + 4_000, 0).end).toBeNull()
    expect(afterAttempt(once, denial('authorize', 2), T0 + 4_000, 0).end).not.toBeNull()
  })

  test('of the background that persists calls for help while asking goes on', () => {
    const refused: Finding = { kind: 'denied', reason: 'refused', by: 'forbidden', times: 1 }
    const first = afterAttempt(startVerification(T0), refused, T0, 0)
    expect(isRefusedForLong(first, T0 + HELP_AFTER_MS - 1)).toBe(false)
    expect(isRefusedForLong(first, T0 + HELP_AFTER_MS)).toBe(true)
    expect(isRefusedForLong(startVerification(T0), T0 + HELP_AFTER_MS)).toBe(false)
  })
})

describe('a contact since the close', () => {
  const AT_CLOSE: ContactFacts[] = [{ channel: 'voice', state: 'connected', id: 'a' }]
  const now = (...contacts: ContactFacts[]) => ({ state: AVAILABLE, contacts })
  const since = (contacts: readonly ContactFacts[] | undefined): LeftBehind => ({
    ...left(AVAILABLE),
    ...(contacts && { contacts }),
  })

  test.each<[string, readonly ContactFacts[] | undefined, ContactFacts, boolean]>([
    ['that was connected at the close', AT_CLOSE, { channel: 'voice', state: 'connected', id: 'a' }, false],
    ['that has become after-contact work since', AT_CLOSE, { channel: 'voice', state: 'ended', id: 'a' }, false],
    ['that is another contact', AT_CLOSE, { channel: 'chat', state: 'connected', id: 'b' }, true],
    ['that rings', [], { channel: 'voice', state: 'connecting', id: 'b' }, false],
    [
      'that rang at the close, and was answered',
      [{ channel: 'voice', state: 'connecting', id: 'b' }],
      { channel: 'voice', state: 'connected', id: 'b' },
      true,
    ],
    ['that was missed', [], { channel: 'voice', state: 'missed', id: 'b' }, false],
    ['without an id, if there was none at the close', [], { channel: 'voice', state: 'connected' }, true],
    [
      'without an id, if there was one at the close',
      [{ channel: 'voice', state: 'connected' }],
      { channel: 'voice', state: 'connected' },
      false,
    ],
    ['of a close whose contacts are unknown', undefined, { channel: 'voice', state: 'connected', id: 'b' }, false],
  ])('%s shows whether somebody answered', (_what, atClose, contact, is) => {
    expect(wasAnswered(since(atClose), now(contact))).toBe(is)
  })

  test('that somebody answered is remembered: the agent’s next state is never set Offline', () => {
    const occupation = { kind: 'live', ended: [], isReady: true } as const
    const seen = afterAttempt(startVerification(T0), { kind: 'contact', occupation, isAnswered: true }, T0, 0)
    const later = afterAttempt(seen, { kind: 'contact', occupation }, T0 + 9_000, 0)
    expect(later.isAnswered).toBe(true)
    // Neither the availability's time nor the state has changed.
    expect(judgeSnapshot({ ...left(AVAILABLE, true), isAnswered: true }, now())).toBe('superseded')
  })
})

describe('with the availability', () => {
  const chosen = (since: number, name = 'routable') => ({ availability: { name, since } })
  const before = { ...AVAILABLE, ...chosen(T0) }
  const judgeNow = (state: AgentState, change: Partial<LeftBehind> = {}) =>
    judgeSnapshot({ ...left(before), ...change }, { state, contacts: [] })

  test.each<[string, AgentState, Partial<LeftBehind>, string]>([
    ['a start that shifts', { ...state('routable', T0 + 700), ...chosen(T0) }, {}, 'set'],
    ['a new start after a contact', { ...state('routable', T0 + 90_000), ...chosen(T0) }, { sawContact: true }, 'set'],
    ['another choice', { ...state('routable', T0 + 90_000), ...chosen(T0 + 90_000) }, {}, 'superseded'],
    [
      'another choice after a contact',
      { ...state('routable', T0 + 90_000), ...chosen(T0 + 90_000) },
      { sawContact: true },
      'superseded',
    ],
    [
      'the state that was queued then',
      { ...state('routable', T0 + 90_000), ...chosen(T0 + 50_000) },
      { sawContact: true, nextState: AVAILABLE },
      'set',
    ],
    [
      'Offline since an earlier choice',
      { ...state('offline', T0 + 700), ...chosen(T0 - 60_000, 'offline') },
      {},
      'stale',
    ],
    [
      'Offline since a later choice',
      { ...state('offline', T0 + 9_700), ...chosen(T0 + 9_000, 'offline') },
      {},
      'offline',
    ],
    [
      'Offline queued in a call, from before the work after it',
      { ...state('offline', T0 + 9_700), ...chosen(T0 + 5_000, 'offline') },
      { state: { ...state('system', T0 + 7_000), ...chosen(T0) } },
      'offline',
    ],
  ])('%s is judged correctly', (_what, now, change, verdict) => {
    expect(judgeNow(now, change)).toBe(verdict)
  })
})

const CONTACT_STATES = 'init incoming pending connecting connected paused missed error ended rejected new'.split(' ')

test('whatever the instance answers, nobody is set Offline on a contact, or in the work after it', () => {
  const types = ['init', 'routable', 'not_routable', 'offline', 'system', 'error', 'unknown'] as const
  const states = fc.record({ type: fc.constantFrom(...types), since: fc.constantFrom(T0, T0 + 9) })
  fc.assert(
    fc.property(
      states,
      states,
      fc.array(fc.constantFrom(...CONTACT_STATES), { maxLength: 3 }),
      fc.boolean(),
      (before, now, contacts, sawContact) => {
        const snapshot = {
          state: state(now.type, now.since),
          contacts: contacts.map((each) => ({ channel: '', state: each })),
        }
        const verdict = judgeSnapshot(left(state(before.type, before.since), sawContact), snapshot)
        const isFree = contacts.every((each) => ['missed', 'error', 'rejected'].includes(each))
        if (verdict === 'set') expect(isFree && ['routable', 'error'].includes(now.type)).toBe(true)
        if (verdict === 'work') {
          expect(contacts.every((each) => ['missed', 'error', 'rejected', 'ended'].includes(each))).toBe(true)
        }
        // A state that nobody has chosen, and that may end in Available, is never final.
        if (now.type === 'system' || now.type === 'error') expect(['contact', 'work', 'set']).toContain(verdict)
      },
    ),
  )
})
