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
  ['is as the close left them, by a rounded time', state('routable', T0 + 4), undefined, false, 'set'],
  ['became Available anew', state('routable', T0 + 60_000), undefined, false, 'superseded'],
  ['became Available anew after a contact', state('routable', T0 + 60_000), undefined, true, 'set'],
  ['has a chat', AVAILABLE, 'connected', false, 'contact'],
  ['has work to do after a chat', AVAILABLE, 'ended', false, 'work'],
  ['has chosen another state, with work to do after a chat', state('not_routable'), 'ended', true, 'changed'],
  ['has missed a chat', AVAILABLE, 'missed', false, 'set'],
  ['is on a call', state('system', T0 + 5_000), 'connected', false, 'contact'],
  ['has work to do after a call', state('system', T0 + 5_000), 'ended', false, 'work'],
  ['is in a state of Connect’s own, with nothing to show for it', state('system'), undefined, true, 'contact'],
  ['has missed a call', state('error', T0 + 5_000), 'error', false, 'set'],
  ['has missed a call, and is on a chat', state('error', T0 + 5_000), 'connected', false, 'contact'],
  ['has missed a call, with work to do after a chat', state('error', T0 + 5_000), 'ended', false, 'work'],
  ['is at lunch', state('not_routable', T0 + 5_000), undefined, false, 'changed'],
  ['was Offline before the state that was closed', state('offline', T0 - 3_600_000), undefined, false, 'stale'],
  ['was Available before that', state('routable', T0 - 3_600_000), undefined, false, 'stale'],
  ['has no known time', state('routable', null), undefined, false, 'changed'],
] as const)('an agent who %s', (_, now, contact, sawContact, verdict) => {
  expect(judge(now, contact, sawContact)).toBe(verdict)
})

test.each([
  [state('routable', T0 + 60_000), 'set'],
  [{ ...AVAILABLE, arn: 'arn:other' }, 'superseded'],
  [state('not_routable', T0 + 60_000), 'changed'],
] as const)('a state that was still on its way back at the close is known by itself', (now, verdict) => {
  expect(judgeSnapshot(left({ ...AVAILABLE, startTimestamp: null }), { state: now, contacts: [] })).toBe(verdict)
})

test('another state of type routable is not the one that the close left', () => {
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

test('whatever is found, it ends: for good, and not later than the limit and one wait', () => {
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
          // Only an answer of Connect's that the agent is Offline confirms.
          if (next.end?.confirmed && end === null) expect(each.kind).toBe('offline')
          verification = next
        }
        expect(verification.end).not.toBeNull()
      },
    ),
  )
})

test('agents of a whole floor do not all ask at the same moment', () => {
  const first = (jitter: number) =>
    afterAttempt(startVerification(T0), { kind: 'no_answer', error: '' }, T0, jitter).nextAt
  expect(first(0)).toBe(T0 + 750)
  expect(first(1)).toBe(T0 + 1_250)
})

describe('contacts', () => {
  const CALL: Finding = { kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } }
  const WORK: Finding = { kind: 'contact', occupation: { kind: 'work', ended: ['a'], isReady: false } }
  const NOTHING: Finding = { kind: 'no_answer', error: '' }

  /** Asks whenever it is due, for so long, and finds the same each time. */
  function watch(from: Verification, found: Finding, ms: number, startAt = T0): Verification {
    let verification = from
    for (let now = verification.nextAt ?? startAt; now < startAt + ms; now = verification.nextAt ?? Infinity) {
      verification = afterAttempt(verification, found, now, 1)
    }
    return verification
  }

  test('a call is waited for as long as it takes, up to its limit, and looked at often enough', () => {
    const waiting = watch(startVerification(T0), CALL, LIVE_LIMIT_MS)
    expect(waiting.end).toBeNull()
    expect((waiting.nextAt ?? 0) - (waiting.waiting?.seenAt ?? 0)).toBeLessThanOrEqual(1.25 * WAIT_FOR_CONTACT_MS)
    expect(1.25 * WAIT_FOR_CONTACT_MS).toBeLessThanOrEqual(30_000)
    const over = watch(waiting, CALL, LIVE_LIMIT_MS + 60_000)
    expect(over.end).toMatchObject({ confirmed: false, reason: 'contact' })
  })

  test('who waits for a contact has failed at nothing; a network that goes then is given its own half hour', () => {
    const called = watch(startVerification(T0), CALL, 2 * GIVE_UP_MS)
    expect(failuresOf(called)).toBe(0)
    const from = called.waiting?.seenAt ?? 0
    const silent = watch(called, NOTHING, GIVE_UP_MS - 60_000, from)
    expect(failuresOf(silent)).toBeGreaterThanOrEqual(FEWEST_ATTEMPTS)
    expect(silent.end).toBeNull()
    expect(watch(silent, NOTHING, GIVE_UP_MS + 120_000, from).end).toMatchObject({ reason: 'no_answer' })
  })

  test('a machine that slept in the middle of a call has not tried in vain', () => {
    const called = watch(startVerification(T0), CALL, GIVE_UP_MS)
    expect(afterAttempt(called, NOTHING, T0 + 3 * GIVE_UP_MS, 0).end).toBeNull()
  })

  test('work after a contact ends at its own limit, and is watched until then whatever went before', () => {
    const called = watch(startVerification(T0), CALL, LIVE_LIMIT_MS - 60_000)
    expect(watch(called, WORK, LIVE_LIMIT_MS + GIVE_UP_MS).end).toBeNull()
  })

  test('a state that nobody can leave, and that could not be set, is named in the end', () => {
    const stuck = watch(startVerification(T0), { ...NOTHING, isStuck: true }, GIVE_UP_MS + 120_000)
    expect(stuck.end).toMatchObject({ confirmed: false, reason: 'stuck' })
  })

  test('what older versions stored is gone on with', () => {
    const old: Verification = { ...startVerification(T0), attempts: 5, sawContact: true }
    expect(failuresOf(old)).toBe(5)
    expect(afterAttempt(old, CALL, T0 + 5, 0)).toMatchObject({ failures: 0, end: null })
    expect(afterAttempt(old, NOTHING, T0 + 5, 0)).toMatchObject({ failures: 6, end: null })
  })
})

describe('a denial', () => {
  const denial = (by: Denier, times: number): Finding => ({ kind: 'denied', reason: 'signed_out', by, times })
  /** Asks whenever it is due, until it is over. */
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
    ['of a token is believed at the third time', 'authorize', 1, 0, 5_000],
    ['by 401 is believed as late as Streams does', 'unauthorized', 3, 95_000, 125_000],
    ['by 403 is believed as late as Streams does', 'forbidden', 3, 45_000, 60_000],
    ['that is not Connect’s word is asked about as long as no answer is', 'nobody', 1, GIVE_UP_MS, GIVE_UP_MS + 90_000],
  ])('%s', (_what, by, times, from, until) => {
    const { afterMs, end } = askUntilOver(denial(by, times))
    expect(afterMs).toBeGreaterThanOrEqual(from)
    expect(afterMs).toBeLessThanOrEqual(until)
    expect(end).toMatchObject({ confirmed: false, reason: 'signed_out' })
  })

  test('that ends is forgotten: another one is counted from its own beginning', () => {
    const once = afterAttempt(startVerification(T0), denial('authorize', 2), T0, 0)
    const between = afterAttempt(once, { kind: 'no_answer', error: '' }, T0 + 2_000, 0)
    expect(afterAttempt(between, denial('authorize', 2), T0 + 4_000, 0).end).toBeNull()
    expect(afterAttempt(once, denial('authorize', 2), T0 + 4_000, 0).end).not.toBeNull()
  })

  test('of the background that goes on calls for help beside the asking', () => {
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
    ['that is in its work since', AT_CLOSE, { channel: 'voice', state: 'ended', id: 'a' }, false],
    ['that is another one', AT_CLOSE, { channel: 'chat', state: 'connected', id: 'b' }, true],
    ['that rings', [], { channel: 'voice', state: 'connecting', id: 'b' }, false],
    [
      'that rang at the close, and was taken',
      [{ channel: 'voice', state: 'connecting', id: 'b' }],
      { channel: 'voice', state: 'connected', id: 'b' },
      true,
    ],
    ['that was missed', [], { channel: 'voice', state: 'missed', id: 'b' }, false],
    ['without an id, where there was none at the close', [], { channel: 'voice', state: 'connected' }, true],
    [
      'without an id, where there was one',
      [{ channel: 'voice', state: 'connected' }],
      { channel: 'voice', state: 'connected' },
      false,
    ],
    ['of a close whose contacts nobody knows', undefined, { channel: 'voice', state: 'connected', id: 'b' }, false],
  ])('%s tells whether somebody is there', (_what, atClose, contact, is) => {
    expect(wasAnswered(since(atClose), now(contact))).toBe(is)
  })

  test('that somebody has taken is remembered, and the agent is never set Offline for the state that comes after', () => {
    const occupation = { kind: 'live', ended: [], isReady: true } as const
    const seen = afterAttempt(startVerification(T0), { kind: 'contact', occupation, isAnswered: true }, T0, 0)
    const later = afterAttempt(seen, { kind: 'contact', occupation }, T0 + 9_000, 0)
    expect(later.isAnswered).toBe(true)
    // The availability's time has not moved, nor the state.
    expect(judgeSnapshot({ ...left(AVAILABLE, true), isAnswered: true }, now())).toBe('superseded')
  })
})

describe('with the availability', () => {
  const chosen = (since: number, name = 'routable') => ({ availability: { name, since } })
  const before = { ...AVAILABLE, ...chosen(T0) }
  const judgeNow = (state: AgentState, change: Partial<LeftBehind> = {}) =>
    judgeSnapshot({ ...left(before), ...change }, { state, contacts: [] })

  test.each<[string, AgentState, Partial<LeftBehind>, string]>([
    ['a start that moves', { ...state('routable', T0 + 700), ...chosen(T0) }, {}, 'set'],
    ['a start of after a contact', { ...state('routable', T0 + 90_000), ...chosen(T0) }, { sawContact: true }, 'set'],
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
    ['Offline since a later one', { ...state('offline', T0 + 9_700), ...chosen(T0 + 9_000, 'offline') }, {}, 'offline'],
    [
      'Offline queued in a call, from before the work after it',
      { ...state('offline', T0 + 9_700), ...chosen(T0 + 5_000, 'offline') },
      { state: { ...state('system', T0 + 7_000), ...chosen(T0) } },
      'offline',
    ],
  ])('%s is what it is', (_what, now, change, verdict) => {
    expect(judgeNow(now, change)).toBe(verdict)
  })
})

const CONTACT_STATES = 'init incoming pending connecting connected paused missed error ended rejected new'.split(' ')

test('whatever the instance says, nobody is set Offline on a contact, or in the work after one', () => {
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
        // What nobody has chosen, and may end in Available, is never taken for settled.
        if (now.type === 'system' || now.type === 'error') expect(['contact', 'work', 'set']).toContain(verdict)
      },
    ),
  )
})
