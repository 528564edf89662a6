/** What a page leaves to the background where it may be back, or another CCP of the agent is there. */
import { SETTLE_MS } from '../../../../src/domain/sessions/closes'
import { maybeStaying, nextDeadline } from '../../../../src/domain/sessions/deadlines'
import type { Context } from '../../../../src/domain/sessions/question'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { DocumentNews, SessionEvent, TabStatus } from '../../../../src/domain/sessions/events'
import type { DocumentHeader } from '../../../../src/domain/sessions/ccp-document'
import { agentNews, ATTEMPTED, closing, facts, header, RULES, Sessions, state, T0 } from '../build'

const GRACE_MS = 20_000
const ACT: Context = {
  extensionVersion: '1',
  mode: 'act',
  mayAsk: true,
  recovery: 'never',
  graceMs: GRACE_MS,
  rules: () => RULES,
}

/** The state machine as it is where closes are acted on. */
class Acting extends Sessions {
  override tell(event: SessionEvent) {
    const next = reduceSessions(this.state, event, ACT)
    this.state = next.state
    this.entries.push(...next.concluded)
    return next.concluded
  }
}

const A = header('doc-a')
const LEFT = { action: 'left', reason: 'reload' } as const
const RELOADED: DocumentHeader = header('doc-b', { navigationType: 'reload', openedAt: T0 + 3_000 })
const place = (tabId: number, frameId = 0) => ({ tabId, frameId, ownCookies: true })
const asks = (sessions: Sessions) => Object.values(sessions.state.documents).some((doc) => doc.verification !== null)

let sessions: Acting
beforeEach(() => {
  sessions = new Acting()
})

describe('a page that was loaded anew', () => {
  beforeEach(() => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1', { did: LEFT, hint: 'reload' }))
    sessions.news(1_010, A, { type: 'gone' })
  })

  test('is no close once the agent shows in it', () => {
    sessions.tick(1_010 + SETTLE_MS)
    expect(sessions.entries).toEqual([])
    sessions.news(3_000, RELOADED, { type: 'hello' })
    sessions.tick(5_000)
    expect(sessions.entries).toEqual([])
    sessions.news(5_100, RELOADED, agentNews(facts()))
    expect(sessions.entries).toMatchObject([
      { id: 'c1', outcome: 'not_needed', reason: 'reload', cause: 'reloaded', exposure: null },
    ])
  })

  test('is asked about when its time is over, and not before', () => {
    sessions.tick(1_010 + GRACE_MS - 1)
    expect(asks(sessions)).toBe(false)
    sessions.tick(1_010 + GRACE_MS)
    expect(asks(sessions)).toBe(true)
  })

  test('is asked about at once where its tab has been closed', () => {
    sessions.tabRemoved(2_000)
    sessions.tick(1_010 + SETTLE_MS)
    expect(asks(sessions)).toBe(true)
  })

  test('is asked about where another agent shows in it', () => {
    sessions.news(3_000, RELOADED, { type: 'hello' })
    sessions.news(3_100, RELOADED, agentNews(facts('routable', { username: 'bob' })))
    sessions.tick(1_010 + GRACE_MS)
    expect(asks(sessions)).toBe(true)
  })
})

describe('what is owed', () => {
  const owed = () => sessions.state.documents['doc-b']?.reloads?.report.closeId ?? null
  const reload = (next: DocumentHeader, at = place(1)) => {
    sessions.news(1_000, A, closing('c1'))
    sessions.news(1_005, A, { type: 'result', closeId: 'c1', result: { ok: true } })
    sessions.news(1_010, A, { type: 'gone' })
    sessions.news(3_000, next, { type: 'hello' }, at)
  }
  beforeEach(() => sessions.open(A))

  test('is remembered for the page that is loaded anew, though its close has its entry', () => {
    reload(RELOADED)
    expect(sessions.entries).toMatchObject([{ id: 'c1', outcome: 'confirmed', cause: 'reloaded' }])
    expect(owed()).toBe('c1')
  })

  test.each<[string, DocumentHeader, ReturnType<typeof place>]>([
    ['another tab', RELOADED, place(2)],
    ['another frame', RELOADED, place(1, 7)],
    ['another page', { ...RELOADED, navigationType: 'navigate' }, place(1)],
    ['another instance', { ...RELOADED, instance: 'other.my.connect.aws' }, place(1)],
  ])('is not owed to %s', (_, next, at) => {
    reload(next, at)
    expect(owed()).toBeNull()
  })

  test('is owed to a CCP that the page around it has brought back, unless it was taken out of it', () => {
    const framed = header('doc-f', { framed: true })
    const next = header('doc-b', { framed: true, openedAt: T0 + 3_000 })
    sessions.open(framed, facts(), place(3, 4))
    sessions.news(1_000, framed, closing('c2', { event: 'pagehide' }), place(3, 4))
    sessions.news(1_500, next, { type: 'hello' }, place(3, 5))
    expect(owed()).toBeNull()
    sessions.news(2_000, header('doc-g', { framed: true }), closing('c3'), place(3, 5))
    sessions.news(3_000, { ...next, docId: 'doc-h' }, { type: 'hello' }, place(3, 6))
    expect(sessions.state.documents['doc-h']?.reloads?.report.closeId).toBe('c3')
  })

  test.each(['asked', 'locked', 'idle', 'slept', 'try_again', 'logout'] as const)(
    'is not what an agent wanted, or who was not there (%s)',
    (event) => {
      sessions.news(1_000, A, closing('c1', { event, did: ATTEMPTED }))
      sessions.news(1_100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
      sessions.news(1_200, A, { type: 'stayed', closeId: 'c1' })
      sessions.news(2_000, A, closing('c2', { did: { action: 'none', reason: 'not_routable' }, hint: 'reload' }))
      sessions.news(2_010, A, { type: 'gone' })
      sessions.news(3_000, RELOADED, { type: 'hello' })
      expect(owed()).toBeNull()
    },
  )

  test('is not what went with a log-out, which ends the agent’s work', () => {
    sessions.news(1_000, A, closing('c1', { did: ATTEMPTED, hint: 'logout' }))
    sessions.news(1_010, A, { type: 'gone' })
    sessions.news(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBeNull()
  })

  test.each<[string, DocumentNews]>([
    ['was given back', { type: 'given_back', closeId: 'c1', result: { ok: true } }],
    [
      'the agent has put right',
      agentNews(facts('routable', { state: { ...state('routable'), startTimestamp: T0 + 1_500 } })),
    ],
    [
      'the agent has chosen something else over',
      agentNews(facts('not_routable', { state: { ...state('not_routable'), startTimestamp: T0 + 1_500 } })),
    ],
  ])('is not what %s, whatever they chose after it', (_what, news) => {
    sessions.news(1_000, A, closing('c1', { did: ATTEMPTED }))
    sessions.news(1_100, A, { type: 'stayed', closeId: 'c1' })
    sessions.news(1_500, A, news)
    sessions.news(1_900, A, agentNews(facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_900 } })))
    sessions.news(2_000, A, closing('c2', { did: { action: 'none', reason: 'not_routable' }, hint: 'reload' }))
    sessions.news(2_010, A, { type: 'gone' })
    sessions.news(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBeNull()
  })

  test.each<[string, DocumentNews]>([
    [
      'a give-back that was refused',
      { type: 'given_back', closeId: 'c1', result: { ok: false, error: { type: 'No', message: '' } } },
    ],
    [
      'news that are older than the Offline',
      agentNews(facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })),
    ],
    ['the Offline itself', agentNews(facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_050 } }))],
  ])('stands after %s', (_what, news) => {
    sessions.news(1_000, A, closing('c1', { did: ATTEMPTED }))
    sessions.news(1_100, A, news)
    sessions.news(1_200, A, { type: 'gone' })
    sessions.news(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBe('c1')
  })

  test('stands where the status was still on its way back, and is seen to have come', () => {
    const stateBefore = { ...state('routable'), startTimestamp: null }
    sessions.news(1_000, A, closing('c1', { did: ATTEMPTED, stateBefore }))
    const seen = { ...state('routable'), startTimestamp: T0 + 900 }
    sessions.news(1_100, A, agentNews(facts('routable', { state: seen })))
    sessions.news(1_200, A, { type: 'gone' })
    sessions.news(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBe('c1')
  })

  test('is forgotten after a while', () => {
    sessions.news(1_000, A, closing('c1'))
    sessions.tick(400_000)
    expect(sessions.state.recentCloses).toEqual([])
  })
})

describe('a page that may stay', () => {
  const look = (at: number, status: TabStatus) =>
    maybeStaying(sessions.state, { 1: status }, T0 + at).map(({ closeId }) => closeId)
  beforeEach(() => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1', { did: ATTEMPTED }))
  })

  test('is looked at after 2 s, while its tab loads nothing', () => {
    expect(nextDeadline(sessions.state, T0 + 1_000)).toBe(T0 + 3_000)
    expect(look(2_900, 'complete')).toEqual([])
    expect(look(3_000, 'loading')).toEqual([])
    expect(look(3_000, 'missing')).toEqual([])
    expect(look(3_000, 'complete')).toEqual(['c1'])
    expect(nextDeadline(sessions.state, T0 + 3_000)).toBe(T0 + 4_000)
  })

  test('is looked at no more once it has gone, or has said that it stays, or says nothing for a minute', () => {
    expect(look(61_000, 'complete')).toEqual([])
    sessions.news(3_100, A, { type: 'stayed', closeId: 'c1' })
    expect(look(3_200, 'complete')).toEqual([])
    sessions.news(5_000, A, closing('c2'))
    sessions.news(5_010, A, { type: 'gone' })
    expect(look(8_000, 'complete')).toEqual([])
  })
})

test('a page that takes over what it had left acts under the same name, and is one close', () => {
  sessions.open(A)
  sessions.news(1_000, A, closing('c1', { did: { action: 'left', reason: 'other_ccp' } }))
  sessions.news(1_100, A, closing('c1', { did: ATTEMPTED, event: 'pagehide' }))
  sessions.news(1_110, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  sessions.news(1_120, A, { type: 'gone' })
  sessions.tabRemoved(1_130)
  sessions.tick(1_120 + SETTLE_MS)
  expect(sessions.entries).toMatchObject([{ id: 'c1', outcome: 'confirmed', evidence: 'call_answered' }])
  expect(sessions.state.documents).toEqual({})
})

test('of two that leave their agent to each other, the one that began later is asked about', () => {
  const other = header('doc-z')
  sessions.open(A)
  sessions.open(other, facts(), place(2))
  const left = { did: { action: 'left', reason: 'other_ccp' } } as const
  sessions.news(1_000, A, closing('c1', left))
  sessions.news(1_001, other, closing('c2', left), place(2))
  sessions.tabRemoved(1_010)
  sessions.tabRemoved(1_011, 2)
  sessions.tick(1_011 + SETTLE_MS)
  expect(sessions.entries).toMatchObject([{ id: 'c1', outcome: 'not_needed', reason: 'other_ccp' }])
  expect(sessions.state.documents['doc-z']?.verification).not.toBeNull()
})
