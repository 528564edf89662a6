/**
 * A page's report confirms nothing: the background looks itself where it can, and the entry names the page as the
 * source where it cannot.
 */
import { flagsOf } from '../../../../src/domain/closes/flags'
import { nextAlarm } from '../../../../src/domain/closes/due'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import type { ClosingReport } from '../../../../src/domain/close-report'
import type { LogEntry } from '../../../../src/domain/log-entry'
import type { Finding } from '../../../../src/domain/check'
import { agentEvent, closing, facts, header, EventPlayer, state, succeeded, T0 } from '../build'

const A = header('doc-a')
const BACK = header('doc-back', { openedAt: T0 + 1_500 })
const ELSEWHERE = { tabId: 2, frameId: 0, ownCookies: true }
const OFFLINE = agentEvent(facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_050 } }))
const SHOWN: Finding = { kind: 'offline', by: 'asked' }
const NOT_SHOWN: Finding = { kind: 'ended', reason: 'not_shown' }
const NO_ANSWER: Finding = { kind: 'no_answer', error: 'x' }

let player: EventPlayer
beforeEach(() => {
  player = new EventPlayer('act')
  player.open(A)
})

const check = () => pendingCloses(player.state)[0]?.check ?? null
const story = () => player.entries.map(({ outcome, evidence, reason }) => [outcome, evidence, reason])

/** The page reports a close, and its agent Offline. */
function says(event: ClosingReport['event'] = 'beforeunload'): void {
  player.send(1_000, A, closing('c1', { event }))
  player.send(1_050, A, succeeded('c1'))
  player.send(1_100, A, OFFLINE)
}

describe('a page that reports Offline and goes', () => {
  beforeEach(() => {
    says()
    player.tabRemoved(1_200)
    player.tick(1_300)
  })

  test('is verified at once, like each close', () => {
    expect(story()).toEqual([])
    expect(check()).toMatchObject({ nextAt: T0 + 1_300 })
    expect(check()?.isLook).toBeUndefined()
  })

  test('is confirmed by what the background sees', () => {
    player.verified(1_700, 'c1', SHOWN)
    expect(story()).toEqual([['confirmed', 'asked', null]])
    expect(player.entries[0]?.tookMs).toBe(700)
  })

  test('and is wrong has its agent set Offline by the background', () => {
    player.verified(1_700, 'c1', { kind: 'offline', by: 'set' })
    expect(story()).toEqual([['confirmed', 'set_by_background', null]])
  })

  test('is accepted on its own report only, if nobody can look', () => {
    player.verified(1_700, 'c1', { kind: 'ended', reason: 'separate_cookies' })
    expect(story()).toEqual([['accepted', 'snapshot', 'separate_cookies']])
    expect(flagsOf(player.state)).toEqual([])
  })
})

describe('an absent agent, or one who asks for Offline, while their CCP stays open', () => {
  const asked = (event: 'asked' | 'locked' = 'asked'): void => {
    says(event)
    player.send(1_110, A, { type: 'stayed', closeId: 'c1' })
    player.tick(1_110)
  }

  test('is looked at, and nothing is changed', () => {
    asked()
    expect(check()).toMatchObject({ isLook: true, nextAt: T0 + 1_110 })
    player.verified(1_300, 'c1', SHOWN)
    expect(story()).toEqual([['confirmed', 'asked', null]])
    expect(player.state.documents['doc-a']?.closing).toBeNull()
  })

  test.each(['asked', 'locked'] as const)(
    'is unconfirmed if Connect shows the old state (%s), and flagged if absent',
    (event) => {
      asked(event)
      player.verified(1_300, 'c1', NOT_SHOWN)
      expect(story()).toEqual([['unconfirmed', 'snapshot', 'not_shown']])
      // An agent who sees their own status in an open page needs no flag.
      expect(flagsOf(player.state)).toHaveLength(event === 'locked' ? 1 : 0)
    },
  )

  test('is accepted after three looks without an answer, and the entry waits for them', () => {
    asked()
    player.verified(1_300, 'c1', NO_ANSWER)
    expect(check()?.nextAt).toBe(T0 + 2_300)
    player.verified(2_400, 'c1', NO_ANSWER)
    expect(check()?.nextAt).toBe(T0 + 4_400)
    player.verified(4_500, 'c1', NO_ANSWER)
    expect(story()).toEqual([['accepted', 'snapshot', 'no_answer']])
  })

  test('is looked at three times if the instance refuses', () => {
    asked()
    for (const at of [1_300, 2_400, 4_500]) {
      expect(story()).toEqual([])
      player.verified(at, 'c1', { kind: 'denied', reason: 'refused', by: 'forbidden', times: 1 })
    }
    expect(story()).toEqual([['accepted', 'snapshot', 'refused']])
  })

  test('who closes the CCP meanwhile has an entry for each', () => {
    asked()
    player.send(1_200, A, closing('c2', { did: { action: 'none', reason: 'not_routable' } }))
    player.tabRemoved(1_250)
    player.tick(4_000)
    expect(story()).toEqual([
      ['accepted', 'snapshot', null],
      ['not_needed', 'none', 'not_routable'],
    ])
    expect(nextAlarm(player.state, T0 + 4_000)).toBeNull()
  })
})

describe('an agent who is back in another CCP, which reports Offline,', () => {
  beforeEach(() => {
    player.send(1_000, A, closing('c1'))
    player.tabRemoved(1_200)
    player.send(1_600, BACK, { type: 'hello' }, ELSEWHERE)
    player.send(1_700, BACK, OFFLINE, ELSEWHERE)
    player.tick(3_300)
  })

  test('is looked at, and nothing is changed', () => {
    expect(check()).toMatchObject({ isLook: true })
    player.verified(3_500, 'c1', SHOWN)
    expect(story()).toEqual([['confirmed', 'asked', null]])
  })

  test('is not confirmed if they have chosen another state since', () => {
    player.verified(3_500, 'c1', { kind: 'ended', reason: 'state_changed' })
    expect(story()).toEqual([['accepted', 'snapshot', 'state_changed']])
  })
})

describe('a finding about one agent is never attributed to another', () => {
  const bob = agentEvent(facts('offline', { username: 'bob', name: 'Bob' }))
  const agents = () => player.entries.map(({ username, outcome }) => [username, outcome])

  test('when a page being checked reports another agent meanwhile', () => {
    says('asked')
    player.send(1_110, A, { type: 'stayed', closeId: 'c1' })
    player.tick(1_110)
    player.send(1_200, A, bob)
    player.verified(1_300, 'c1', SHOWN)
    expect(agents()).toEqual([['ada', 'confirmed']])
  })

  test('when late events of a vanished page name another agent', () => {
    player.lost(1_000, A.docId)
    player.tick(3_100)
    player.send(3_200, A, bob)
    player.verified(3_300, A.docId, { kind: 'offline', by: 'set' })
    expect(agents()).toEqual([['ada', 'confirmed']])
  })
})

test('a page that stays, and whose status is restored, is not verified: the agent is there', () => {
  says()
  player.send(3_100, A, { type: 'stayed', closeId: 'c1' })
  player.tick(3_200)
  expect(story()).toEqual([['accepted', 'snapshot', 'agent_present']])
})

test('a page that repeats its false report is never confirmed, whatever else it reports', () => {
  const outcomes = new Set<LogEntry['outcome']>()
  for (const event of ['beforeunload', 'pagehide', 'asked', 'locked', 'logout'] as const) {
    for (const end of ['stayed', 'gone', 'nothing'] as const) {
      player = new EventPlayer('act')
      player.open(A)
      says(event)
      if (end !== 'nothing')
        player.send(1_200, A, end === 'gone' ? { type: 'gone' } : { type: 'stayed', closeId: 'c1' })
      player.send(1_300, A, { type: 'recovered', closeId: 'c1', finding: { kind: 'offline', by: 'set' } })
      player.tick(40_000)
      player.verified(40_100, 'c1', NOT_SHOWN)
      player.tabRemoved(50_000)
      player.tick(60_000)
      for (const { outcome } of player.entries) outcomes.add(outcome)
    }
  }
  expect([...outcomes].sort()).toEqual(['accepted', 'not_needed', 'unconfirmed'])
})
