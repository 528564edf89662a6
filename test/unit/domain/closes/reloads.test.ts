/** What a page defers to the background when it may come back, or when another CCP of the agent is there. */
import { dutiesOf } from '../../../../src/domain/closes/close'
import { closeOfDocument } from '../../../../src/domain/closes/closes'
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import { maybeStaying, nextAlarm } from '../../../../src/domain/closes/due'
import type { Context } from '../../../../src/domain/closes/context'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { DocumentEvent, CcpEvent, TabStatus } from '../../../../src/domain/closes/events'
import type { DocumentHeader } from '../../../../src/domain/closes/ccp-document'
import { agentEvent, ATTEMPTED, closing, facts, header, RULES, EventPlayer, state, T0 } from '../build'

const GRACE_MS = 20_000
const ACT: Context = {
  extensionVersion: '1',
  mode: 'act',
  mayAsk: true,
  recoveryUse: 'never',
  graceMs: GRACE_MS,
  rulesOf: () => RULES,
}

/** The state machine in act mode. */
class Acting extends EventPlayer {
  override dispatch(event: CcpEvent) {
    const next = reduceCloses(this.state, event, ACT)
    this.state = next.state
    this.entries.push(...next.finalized)
    return next.finalized
  }
}

const A = header('doc-a')
const LEFT = { action: 'left', reason: 'reload' } as const
const RELOADED: DocumentHeader = header('doc-b', { navigationType: 'reload', openedAt: T0 + 3_000 })
const place = (tabId: number, frameId = 0) => ({ tabId, frameId, ownCookies: true })
const asks = (player: EventPlayer) => Object.values(player.state.closes).some(({ check }) => check !== null)

let sessions: Acting
beforeEach(() => {
  sessions = new Acting()
})

describe('a reloaded page', () => {
  beforeEach(() => {
    sessions.open(A)
    sessions.send(1_000, A, closing('c1', { did: LEFT, hint: 'reload' }))
    sessions.send(1_010, A, { type: 'gone' })
  })

  test('does not count as a close once the agent appears in it', () => {
    sessions.tick(1_010 + SETTLE_MS)
    expect(sessions.entries).toEqual([])
    sessions.send(3_000, RELOADED, { type: 'hello' })
    sessions.tick(5_000)
    expect(sessions.entries).toEqual([])
    sessions.send(5_100, RELOADED, agentEvent(facts()))
    expect(sessions.entries).toMatchObject([
      { id: 'c1', outcome: 'not_needed', reason: 'reload', cause: 'reloaded', exposure: null },
    ])
  })

  test('is verified when its grace period is over, and not before', () => {
    sessions.tick(1_010 + GRACE_MS - 1)
    expect(asks(sessions)).toBe(false)
    sessions.tick(1_010 + GRACE_MS)
    expect(asks(sessions)).toBe(true)
  })

  test('is verified at once if its tab has been closed', () => {
    sessions.tabRemoved(2_000)
    sessions.tick(1_010 + SETTLE_MS)
    expect(asks(sessions)).toBe(true)
  })

  test('is verified if another agent appears in it', () => {
    sessions.send(3_000, RELOADED, { type: 'hello' })
    sessions.send(3_100, RELOADED, agentEvent(facts('routable', { username: 'bob' })))
    sessions.tick(1_010 + GRACE_MS)
    expect(asks(sessions)).toBe(true)
  })
})

describe('a status to restore', () => {
  const owed = () => sessions.state.documents['doc-b']?.reloads?.report.closeId ?? null
  const reload = (next: DocumentHeader, at = place(1)) => {
    sessions.send(1_000, A, closing('c1'))
    sessions.send(1_005, A, { type: 'result', closeId: 'c1', result: { ok: true } })
    sessions.send(1_006, A, agentEvent(facts('offline')))
    sessions.send(1_010, A, { type: 'gone' })
    sessions.send(3_000, next, { type: 'hello' }, at)
  }
  beforeEach(() => sessions.open(A))

  test('is remembered for the reloaded page, even if its close already has its entry', () => {
    reload(RELOADED)
    sessions.send(3_100, RELOADED, agentEvent(facts('offline')))
    expect(sessions.entries).toMatchObject([
      { id: 'c1', outcome: 'accepted', evidence: 'snapshot', reason: 'agent_present', cause: 'reloaded' },
    ])
    expect(owed()).toBe('c1')
  })

  test.each<[string, DocumentHeader, ReturnType<typeof place>]>([
    ['another tab', RELOADED, place(2)],
    ['another frame', RELOADED, place(1, 7)],
    ['another page', { ...RELOADED, navigationType: 'navigate' }, place(1)],
    ['another instance', { ...RELOADED, instance: 'other.my.connect.aws' }, place(1)],
  ])('is not for %s', (_, next, at) => {
    reload(next, at)
    expect(owed()).toBeNull()
  })

  test('is for a CCP that the page around it has brought back', () => {
    const framed = header('doc-g', { framed: true })
    sessions.open(framed, facts(), place(3, 5))
    sessions.send(2_000, framed, closing('c3'), place(3, 5))
    sessions.send(3_000, header('doc-b', { framed: true, openedAt: T0 + 3_000 }), { type: 'hello' }, place(3, 6))
    expect(owed()).toBe('c3')
  })

  test.each<[string, Partial<DocumentHeader>, ReturnType<typeof place>]>([
    ['a frame that replaces it, as Streams does', { framed: true }, place(3, 5)],
    ['the same frame, moved to another page', { framed: true }, place(4, 2)],
    ['its own window, popped out', {}, place(9)],
  ])('is, after a CCP was taken out of its page, for %s', (_what, changes, at) => {
    const framed = header('doc-f', { framed: true })
    sessions.open(framed, facts(), place(3, 4))
    sessions.send(1_000, framed, closing('c2', { event: 'pagehide' }), place(3, 4))
    sessions.send(1_010, framed, { type: 'gone' }, place(3, 4))
    sessions.send(1_500, header('doc-b', { openedAt: T0 + 1_400, ...changes }), { type: 'hello' }, at)
    expect(owed()).toBe('c2')
  })

  test('is not for another instance, and not after the agent had another status in the meantime, anywhere', () => {
    const framed = header('doc-f', { framed: true })
    const other = header('doc-b', { instance: 'other.my.connect.aws' })
    sessions.open(framed, facts(), place(3, 4))
    sessions.send(1_000, framed, closing('c2', { event: 'pagehide' }), place(3, 4))
    sessions.send(1_500, other, { type: 'hello' }, place(9))
    expect(owed()).toBeNull()
    const lunch = { ...state('not_routable'), startTimestamp: T0 + 1_600 }
    sessions.send(1_700, header('doc-c'), agentEvent({ ...facts(), state: lunch }), place(7))
    sessions.send(2_000, header('doc-d'), { type: 'hello' }, place(8))
    expect(sessions.state.documents['doc-d']?.reloads).toBeNull()
  })

  test.each(['asked', 'locked', 'idle', 'slept', 'try_again', 'logout'] as const)(
    'does not follow from the agent’s own wish, or from their absence (%s)',
    (event) => {
      sessions.send(1_000, A, closing('c1', { event, did: ATTEMPTED }))
      sessions.send(1_100, A, { type: 'result', closeId: 'c1', result: { ok: true } })
      sessions.send(1_200, A, { type: 'stayed', closeId: 'c1' })
      sessions.send(2_000, A, closing('c2', { did: { action: 'none', reason: 'not_routable' }, hint: 'reload' }))
      sessions.send(2_010, A, { type: 'gone' })
      sessions.send(3_000, RELOADED, { type: 'hello' })
      expect(owed()).toBeNull()
    },
  )

  test('does not follow from a log-out, which ends the agent’s work', () => {
    sessions.send(1_000, A, closing('c1', { did: ATTEMPTED, hint: 'logout' }))
    sessions.send(1_010, A, { type: 'gone' })
    sessions.send(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBeNull()
  })

  test.each<[string, DocumentEvent]>([
    ['the status was restored', { type: 'given_back', closeId: 'c1', result: { ok: true } }],
    [
      'the agent was Available again',
      agentEvent(facts('routable', { state: { ...state('routable'), startTimestamp: T0 + 1_500 } })),
    ],
    [
      'the agent has chosen something else',
      agentEvent(facts('not_routable', { state: { ...state('not_routable'), startTimestamp: T0 + 1_500 } })),
    ],
  ])('does not exist after %s, whatever they chose later', (_what, docEvent) => {
    sessions.send(1_000, A, closing('c1', { did: ATTEMPTED }))
    sessions.send(1_100, A, { type: 'stayed', closeId: 'c1' })
    sessions.send(1_500, A, docEvent)
    sessions.send(
      1_900,
      A,
      agentEvent(facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_900 } })),
    )
    sessions.send(2_000, A, closing('c2', { did: { action: 'none', reason: 'not_routable' }, hint: 'reload' }))
    sessions.send(2_010, A, { type: 'gone' })
    sessions.send(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBeNull()
  })

  test.each<[string, DocumentEvent]>([
    [
      'a restore that was refused',
      { type: 'given_back', closeId: 'c1', result: { ok: false, error: { type: 'No', message: '' } } },
    ],
    [
      'an agent event older than the Offline',
      agentEvent(facts('routable', { contacts: [{ channel: 'chat', state: 'ended' }] })),
    ],
    [
      'the Offline itself',
      agentEvent(facts('offline', { state: { ...state('offline'), startTimestamp: T0 + 1_050 } })),
    ],
  ])('remains after %s', (_what, docEvent) => {
    sessions.send(1_000, A, closing('c1', { did: ATTEMPTED }))
    sessions.send(1_100, A, docEvent)
    sessions.send(1_200, A, { type: 'gone' })
    sessions.send(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBe('c1')
  })

  test('remains if an earlier restore was still under way and is seen to have arrived', () => {
    const stateBefore = { ...state('routable'), startTimestamp: null }
    sessions.send(1_000, A, closing('c1', { did: ATTEMPTED, stateBefore }))
    const seen = { ...state('routable'), startTimestamp: T0 + 900 }
    sessions.send(1_100, A, agentEvent(facts('routable', { state: seen })))
    sessions.send(1_200, A, { type: 'gone' })
    sessions.send(3_000, RELOADED, { type: 'hello' })
    expect(owed()).toBe('c1')
  })

  test('is forgotten after a while', () => {
    sessions.send(1_000, A, closing('c1'))
    sessions.tick(400_000)
    expect(dutiesOf(sessions.state, 'restore')).toEqual([])
  })
})

describe('a page that may stay', () => {
  const look = (at: number, status: TabStatus) =>
    maybeStaying(sessions.state, { 1: status }, T0 + at).map(({ closeId }) => closeId)
  beforeEach(() => {
    sessions.open(A)
    sessions.send(1_000, A, closing('c1', { did: ATTEMPTED }))
  })

  test('is checked after 2 s, while its tab loads nothing', () => {
    expect(nextAlarm(sessions.state, T0 + 1_000)).toBe(T0 + 3_000)
    expect(look(2_900, 'complete')).toEqual([])
    expect(look(3_000, 'loading')).toEqual([])
    expect(look(3_000, 'missing')).toEqual([])
    expect(look(3_000, 'complete')).toEqual(['c1'])
    expect(nextAlarm(sessions.state, T0 + 3_000)).toBe(T0 + 4_000)
  })

  test('is not checked once it has gone, has reported that it stays, or has been silent for a minute', () => {
    expect(look(61_000, 'complete')).toEqual([])
    sessions.send(3_100, A, { type: 'stayed', closeId: 'c1' })
    expect(look(3_200, 'complete')).toEqual([])
    sessions.send(5_000, A, closing('c2'))
    sessions.send(5_010, A, { type: 'gone' })
    expect(look(8_000, 'complete')).toEqual([])
  })
})

test('a page that carries out a close it had deferred keeps its id, and has one close', () => {
  sessions.open(A)
  sessions.send(1_000, A, closing('c1', { did: { action: 'left', reason: 'other_ccp' } }))
  sessions.send(1_100, A, closing('c1', { did: ATTEMPTED, event: 'pagehide' }))
  sessions.send(1_110, A, { type: 'result', closeId: 'c1', result: { ok: true } })
  sessions.send(1_115, A, agentEvent(facts('offline')))
  sessions.send(1_120, A, { type: 'gone' })
  sessions.tabRemoved(1_130)
  sessions.tick(1_120 + SETTLE_MS)
  sessions.verified(3_500, 'c1', { kind: 'offline', by: 'asked' })
  expect(sessions.entries).toMatchObject([{ id: 'c1', outcome: 'confirmed', evidence: 'asked' }])
  expect(sessions.state.documents).toEqual({})
})

test('of two CCPs that defer to each other, the one that began later is verified', () => {
  const other = header('doc-z')
  sessions.open(A)
  sessions.open(other, facts(), place(2))
  const left = { did: { action: 'left', reason: 'other_ccp' } } as const
  sessions.send(1_000, A, closing('c1', left))
  sessions.send(1_001, other, closing('c2', left), place(2))
  sessions.tabRemoved(1_010)
  sessions.tabRemoved(1_011, 2)
  sessions.tick(1_011 + SETTLE_MS)
  expect(sessions.entries).toMatchObject([{ id: 'c1', outcome: 'not_needed', reason: 'other_ccp' }])
  expect(closeOfDocument(sessions.state, 'doc-z')?.check).not.toBeNull()
})
