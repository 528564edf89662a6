/** What a look at the instance finds, before anything is changed. */
import type { JudgedSnapshot } from '../../../../src/domain/closes/check-close'
import {
  comparedWith,
  findingOf,
  isNotShownYet,
  isRecentlyAccepted,
  isRequestedAgain,
  mayBeArriving,
} from '../../../../src/domain/closes/check-close'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import type { AtClose, Snapshot, SnapshotVerdict } from '../../../../src/domain/judge-snapshot'
import type { Finding, Check } from '../../../../src/domain/check'
import type { Waiting } from '../../../../src/domain/waiting'
import { state, T0 } from '../build'
import { answered, ccp, check, closeOf, GONE, goneCcp, reported, SETTLED } from './made'

const LEFT: AtClose = { state: state('routable'), contacts: [], sawContact: false, isAnswered: false }

const lookAt = (verdict: SnapshotVerdict, changes: Partial<Snapshot> = {}): JudgedSnapshot => ({
  snapshot: { state: state('routable'), contacts: [], ...changes },
  verdict,
  target: state('offline'),
  isStuck: false,
})

describe('the session at the instance', () => {
  test('of the close’s agent is compared with what the close has left', () => {
    expect(comparedWith(closeOf([goneCcp('doc-a')]), 'ada')).toEqual({ kind: 'compare', left: LEFT })
  })

  test.each([
    ['of another agent ends the check', closeOf([goneCcp('doc-a')]), 'bob'],
    ['ends the check where the close’s agent was never known', closeOf([goneCcp('doc-a', { agent: null })]), 'ada'],
  ])('%s', (_, close, username) => {
    expect(comparedWith(close, username)).toEqual({ kind: 'ended', reason: 'other_agent' })
  })
})

describe('Offline was accepted recently', () => {
  const SHOWN_BY_MS = 3_500
  const ACCEPTED = T0 + 1_100
  const SEEN = T0 + 1_200

  test.each([
    ['after the answer to a page', closeOf([goneCcp('doc-a', { result: answered(true, ACCEPTED) })]), ACCEPTED],
    ['after a page has shown it', closeOf([goneCcp('doc-a')], { seenOffline: { 'doc-a': SEEN } }), SEEN],
    [
      'after the later of the two',
      closeOf([goneCcp('doc-a', { result: answered(true, ACCEPTED) })], { seenOffline: { 'doc-a': SEEN } }),
      SEEN,
    ],
  ])('for 3.5 s %s', (_, close, at) => {
    expect(isRecentlyAccepted(close, at)).toBe(true)
    expect(isRecentlyAccepted(close, at + SHOWN_BY_MS - 1)).toBe(true)
    expect(isRecentlyAccepted(close, at + SHOWN_BY_MS)).toBe(false)
    expect(isRecentlyAccepted(close, at - 60_000)).toBe(false)
  })

  test.each([
    ['today', ACCEPTED],
    ['on a machine whose clock has started at 1970', 1_000],
  ])('only where Connect has not refused it, %s', (_, now) => {
    const refused = goneCcp('doc-a', { result: answered(false, now) })
    expect(isRecentlyAccepted(closeOf([refused]), now)).toBe(false)
  })
})

test.each<SnapshotVerdict>(['set', 'stale'])(
  'a look that finds `%s` may be too early for an accepted Offline',
  (verdict) => {
    expect(isNotShownYet({ verdict })).toBe(true)
  },
)

test.each<SnapshotVerdict>(['offline', 'contact', 'work', 'changed', 'superseded'])(
  'a look that finds `%s` needs no other',
  (verdict) => {
    expect(isNotShownYet({ verdict })).toBe(false)
  },
)

describe('the page of an agent who has asked for Offline requests it again', () => {
  const LOOK = check({ isLook: true })
  const asking = (event: 'asked' | 'locked' = 'asked', isAccepted = true) =>
    ccp('doc-a', { closing: reported({ event }), result: answered(isAccepted) })
  const isAgain = (changes: Partial<PendingClose>, verdict: SnapshotVerdict = 'set', doc = asking()): boolean =>
    isRequestedAgain(closeOf([doc], changes), { verdict })

  test('twice, where a look contradicts what Connect has accepted', () => {
    const again = [0, 1, 2, 3].map((attempts) => isAgain({ check: { ...LOOK, attempts } }))
    expect(again).toEqual([true, true, false, false])
  })

  test.each<SnapshotVerdict>(['offline', 'stale', 'contact', 'work', 'changed', 'superseded'])(
    'not where a look finds `%s`',
    (verdict) => {
      expect(isAgain({ check: LOOK }, verdict)).toBe(false)
    },
  )

  test.each([
    ['Connect has refused it', asking('asked', false), {}],
    ['the page has seen it', asking(), { seenOffline: { 'doc-a': SETTLED } }],
    ['the agent is away, and has tries of their own', asking('locked'), {}],
    ['the page has gone', { ...asking(), gone: { at: GONE, by: 'pagehide' as const } }, {}],
    ['there is no check', asking(), { check: null }],
  ])('not where %s', (_, doc, changes) => {
    expect(isAgain({ check: LOOK, ...changes }, 'set', doc)).toBe(false)
  })
})

describe('what a look finds', () => {
  const NOW = GONE + 100_000
  const LIMIT_MS = 60_000
  const find = (known: Check | null, look: JudgedSnapshot, left = LEFT): Finding | null =>
    findingOf(closeOf([goneCcp('doc-a')], { check: known }), left, look, { now: NOW, workLimitMs: LIMIT_MS })

  test.each<[SnapshotVerdict, Finding | null]>([
    ['offline', { kind: 'offline', by: 'asked' }],
    ['stale', { kind: 'no_answer', error: 'A snapshot that shows nothing since the close' }],
    ['changed', { kind: 'ended', reason: 'state_changed' }],
    ['superseded', null],
    ['set', null],
  ])('%s, in a check that may set Offline', (verdict, expected) => {
    expect(find(check(), lookAt(verdict))).toEqual(expected)
    expect(find(null, lookAt(verdict))).toEqual(expected)
  })

  const OTHER_PERIOD = { state: { ...state('routable'), startTimestamp: T0 } }

  test.each<[string, JudgedSnapshot, Finding]>([
    ['the agent is as the close left them', lookAt('set'), { kind: 'ended', reason: 'not_shown' }],
    ['they have been set Available', lookAt('superseded'), { kind: 'ended', reason: 'state_changed' }],
    ['a contact came in the same state', lookAt('contact'), { kind: 'ended', reason: 'not_shown' }],
    ['a contact came in another', lookAt('contact', OTHER_PERIOD), { kind: 'ended', reason: 'state_changed' }],
    ['work is left in the same state', lookAt('work'), { kind: 'ended', reason: 'not_shown' }],
    ['work is left in another', lookAt('work', OTHER_PERIOD), { kind: 'ended', reason: 'state_changed' }],
  ])('contradicts a page’s report where %s', (_, look, expected) => {
    expect(find(check({ isLook: true }), look)).toEqual(expected)
  })

  describe('while the agent has contacts', () => {
    const ENDED = { channel: 'voice', state: 'ended', id: 'call-1' }
    const work = lookAt('work', { contacts: [ENDED] })
    const worksSince = (since: number): Check => {
      const waiting: Waiting = { seenAt: since, ready: 'always', work: { since, ended: ['call-1'] } }
      return check({ waiting })
    }

    test('waits for a live one', () => {
      const contacts = [{ channel: 'voice', state: 'connecting', id: 'call-1' }]
      expect(find(worksSince(T0), lookAt('contact', { state: state('system'), contacts }))).toEqual({
        kind: 'contact',
        occupation: { kind: 'live', ended: [], isReady: false },
        isAnswered: false,
      })
    })

    const WAITED_FOR = {
      kind: 'contact',
      occupation: { kind: 'work', ended: ['call-1'], isReady: true },
      isAnswered: false,
    }

    test.each([
      ['that a first look has found', check()],
      ['without a record of the check', null],
      ['until its time is up', worksSince(NOW - LIMIT_MS + 1)],
    ])('waits for the work after one, %s', (_, known) => {
      const left = { ...LEFT, contacts: [ENDED] }
      expect(find(known, work, left)).toEqual(WAITED_FOR)
    })

    test('sets Offline when the time for the work is up', () => {
      const left = { ...LEFT, contacts: [ENDED] }
      expect(find(worksSince(NOW - LIMIT_MS), work, left)).toBeNull()
    })

    test('waits on where somebody has taken the contact since the close', () => {
      expect(find(worksSince(NOW - LIMIT_MS), work)).toEqual({ ...WAITED_FOR, isAnswered: true })
    })
  })
})

describe('a page of the instance may be on its way', () => {
  test('for 20 s after the check has begun', () => {
    const startedAt = GONE + 2_000
    const close = closeOf([goneCcp('doc-a')], { check: check({ startedAt }) })
    expect(mayBeArriving(close, startedAt + 19_999)).toBe(true)
    expect(mayBeArriving(close, startedAt + 20_000)).toBe(false)
  })

  test('not where the clock was set back since', () => {
    const close = closeOf([goneCcp('doc-a')], { check: check() })
    expect(mayBeArriving(close, SETTLED - 60_000)).toBe(false)
  })

  test('only while there is a check', () => {
    expect(mayBeArriving(closeOf([goneCcp('doc-a')]), GONE)).toBe(false)
  })
})
