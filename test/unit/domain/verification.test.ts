import fc from 'fast-check'
import type { AgentState } from '../../../src/domain/agent'
import type { Finding, Verification } from '../../../src/domain/verification'
import {
  afterAttempt,
  failuresOf,
  FEWEST_ATTEMPTS,
  GIVE_UP_MS,
  judgeSnapshot,
  startVerification,
} from '../../../src/domain/verification'
import { LIVE_LIMIT_MS, WAIT_FOR_CONTACT_MS } from '../../../src/domain/waiting'

const T0 = 1_700_000_000_000
const state = (type: AgentState['type'], since: number | null = T0): AgentState => ({
  name: type,
  type,
  arn: `arn:${type}`,
  startTimestamp: since,
})
const AVAILABLE = state('routable')
const judge = (now: AgentState, contact?: string, sawContact = false) =>
  judgeSnapshot(AVAILABLE, { state: now, contacts: contact ? [{ channel: 'chat', state: contact }] : [] }, sawContact)

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
  ['has no known time', state('routable', null), undefined, false, 'changed'],
] as const)('an agent who %s', (_, now, contact, sawContact, verdict) => {
  expect(judge(now, contact, sawContact)).toBe(verdict)
})

test.each([
  [state('routable', T0 + 60_000), 'set'],
  [{ ...AVAILABLE, arn: 'arn:other' }, 'superseded'],
  [state('not_routable', T0 + 60_000), 'changed'],
] as const)('a state that was still on its way back at the close is known by itself', (now, verdict) => {
  expect(judgeSnapshot({ ...AVAILABLE, startTimestamp: null }, { state: now, contacts: [] }, false)).toBe(verdict)
})

test('another state of type routable is not the one that the close left', () => {
  expect(judge({ ...AVAILABLE, arn: 'arn:other' })).toBe('superseded')
})

const finding = fc.oneof<fc.Arbitrary<Finding>[]>(
  fc.constant({ kind: 'contact', occupation: { kind: 'live', ended: [], isReady: false } }),
  fc.constant({ kind: 'no_answer', error: 'x' }),
  fc.constant({ kind: 'ended', reason: 'signed_out' }),
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
        const verdict = judgeSnapshot(state(before.type, before.since), snapshot, sawContact)
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
