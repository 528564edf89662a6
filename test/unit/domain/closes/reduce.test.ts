import { needsAttention } from '../../../../src/domain/log-entry'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { LOADING_MS, ORPHAN_MS, SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import { nextAlarm } from '../../../../src/domain/closes/due'
import { mayEnqueue } from '../../../../src/domain/closes/state'
import { withFlagOfUnprotected } from '../../../../src/domain/closes/unprotected'
import {
  agentEvent,
  ATTEMPTED,
  closing,
  facts,
  failed,
  header,
  INSTANCE,
  RULES,
  EventPlayer,
  state,
  succeeded,
  T0,
} from '../build'

let player: EventPlayer
beforeEach(() => {
  player = new EventPlayer()
})

const A = header('doc-a')
const FRAME = header('doc-frame', { framed: true })
const NEXT = header('doc-next', { openedAt: T0 + 1_100 })

describe('a tab that is closed', () => {
  beforeEach(() => {
    player.open(A)
    player.send(1_000, A, closing('c1'))
  })

  test('has one accepted entry if Connect answered in time', () => {
    player.send(1_050, A, succeeded('c1'))
    player.send(1_060, A, { type: 'gone' }, null)
    player.tabRemoved(1_070)
    expect(player.entries).toMatchObject([
      {
        id: 'c1',
        at: T0 + 1_000,
        outcome: 'accepted',
        evidence: 'call_answered',
        cause: 'tab_closed',
        event: 'beforeunload',
        tookMs: 50,
        username: 'ada',
        instance: INSTANCE,
        extensionVersion: '1.2.3',
        streamsVersion: '2.28.2',
      },
    ])
    expect(flagsOf(player.state)).toEqual([])
  })

  test('is unconfirmed and flagged without an answer, exactly after the settling time', () => {
    player.tabRemoved(1_070)
    expect(nextAlarm(player.state, T0 + 1_080)).toBe(T0 + 1_070 + SETTLE_MS)
    expect(player.tick(1_069 + SETTLE_MS)).toEqual([])
    expect(player.tick(1_070 + SETTLE_MS)).toMatchObject([{ outcome: 'unconfirmed', evidence: 'none', tookMs: null }])
    expect(flagsOf(player.state)).toMatchObject([{ closeId: 'c1', username: 'ada', since: T0 + 1_000 }])
    expect(nextAlarm(player.state, T0 + 9_000)).toBeNull()
  })

  test('has failed if Connect refused, with its error', () => {
    player.send(1_050, A, failed('c1'))
    player.tabRemoved(1_070)
    player.tick(9_000)
    expect(player.entries).toMatchObject([
      { outcome: 'failed', evidence: 'call_answered', error: { type: 'ThrottlingException', message: 'No' } },
    ])
    expect(player.entries.every(needsAttention)).toBe(true)
  })

  test.each(['HTTP 407', 'RequestNotSent', 'NetworkingError', 'UnknownError', 'Exception', ''])(
    'is unconfirmed after an error that is not of the service: %s',
    (type) => {
      player.send(1_050, A, failed('c1', type))
      player.tabRemoved(1_070)
      player.tick(9_000)
      expect(player.entries).toMatchObject([{ outcome: 'unconfirmed', evidence: 'none', error: { type } }])
      expect(player.entries.every(needsAttention)).toBe(true)
    },
  )

  test('is accepted if a second try succeeds after a refusal, and the refusal is remembered', () => {
    player.send(1_040, A, failed('c1', 'UnexpectedParameter'))
    player.send(1_090, A, succeeded('c1'))
    player.tabRemoved(1_100)
    expect(player.entries).toMatchObject([{ outcome: 'accepted', tookMs: 90 }])
    expect(mayEnqueue(player.state, INSTANCE, T0 + 2_000)).toBe(false)
    expect(mayEnqueue(player.state, 'other.my.connect.aws', T0 + 2_000)).toBe(true)
    expect(mayEnqueue(player.state, INSTANCE, T0 + 8 * 24 * 3_600_000)).toBe(true)
  })

  test('has not failed yet while the second try after a refusal is still on its way', () => {
    player.send(1_040, A, failed('c1', 'UnexpectedParameter'))
    player.tabRemoved(1_100)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed', error: { type: 'UnexpectedParameter' } }])
  })

  test('ignores the result of another close', () => {
    player.send(1_050, A, succeeded('c2'))
    player.tabRemoved(1_070)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })

  test('is a closed window if the browser says so', () => {
    player.tabRemoved(1_070, 1, true)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ cause: 'window_closed' }])
  })

  test('keeps its one entry when its close report arrives again afterwards', () => {
    player.send(1_050, A, succeeded('c1'))
    player.tabRemoved(1_070)
    player.send(1_000, A, closing('c1'), null)
    player.send(1_060, A, { type: 'gone' }, null)
    player.tick(60_000)
    expect(player.entries).toHaveLength(1)
    expect(player.state.documents).toEqual({})
  })
})

describe('the cause of a document’s end', () => {
  beforeEach(() => {
    player.open(A)
  })
  const leave = (hint: 'logout' | 'reload' | 'navigation' | null = null): void => {
    player.send(1_000, A, closing('c1', { hint }))
    player.send(1_010, A, succeeded('c1'))
    player.send(1_020, A, { type: 'gone' })
  }

  test('is a reload if the next document in its frame was reloaded', () => {
    leave()
    player.send(1_500, header('doc-next', { navigationType: 'reload' }), { type: 'hello' })
    expect(player.entries).toMatchObject([{ cause: 'reloaded' }])
  })

  test('is a navigation if the next document in its frame is another page', () => {
    leave()
    player.send(1_500, NEXT, { type: 'hello' })
    expect(player.entries).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is a log-out if the page reported one', () => {
    leave('logout')
    expect(player.entries).toMatchObject([{ cause: 'logged_out' }])
  })

  test('is a log-out if the page held one: the sign-in page that follows does not make it a navigation', () => {
    player.send(1_000, A, closing('c1', { event: 'logout', hint: null }))
    player.send(1_010, A, succeeded('c1'))
    player.send(1_020, A, { type: 'gone' })
    player.send(1_500, NEXT, { type: 'hello' })
    expect(player.entries).toMatchObject([{ cause: 'logged_out' }])
  })

  test('is awaited while the tab is loading, up to a limit', () => {
    leave()
    expect(player.tick(5_000, { 1: 'loading' })).toEqual([])
    expect(nextAlarm(player.state, T0 + 5_000)).toBe(T0 + 5_500)
    expect(player.tick(21_020, { 1: 'loading' })).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is a navigation if nothing shows otherwise', () => {
    leave()
    expect(player.tick(3_020, { 1: 'complete' })).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is a crash if it went without a close report and its tab is still there', () => {
    player.lost(1_000, 'doc-a')
    expect(player.tick(3_000)).toMatchObject([{ cause: 'crashed', outcome: 'failed', reason: 'nothing_tried' }])
    expect(flagsOf(player.state)).toHaveLength(1)
  })

  test('is a removed frame if the frame received pagehide alone', () => {
    player = new EventPlayer()
    player.open(FRAME, facts(), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_000, FRAME, closing('c1', { event: 'pagehide' }), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_001, FRAME, { type: 'gone' }, null)
    expect(player.tick(3_001)).toMatchObject([{ cause: 'frame_removed', outcome: 'unconfirmed', framed: true }])
  })
})

describe('the end of the browser', () => {
  test('finalizes the documents of the previous run, unless a content script claims them', () => {
    player.open(A)
    player.runStarted(100_000, 'run-2')
    expect(nextAlarm(player.state, T0 + 100_000)).toBe(T0 + 100_000 + ORPHAN_MS)
    player.tick(100_000 + ORPHAN_MS)
    expect(player.entries).toMatchObject([
      { cause: 'browser_ended', outcome: 'failed', reason: 'nothing_tried', at: T0 + 10 },
    ])
  })

  test('is the cause if a close report was sent when no background was running', () => {
    player.open(A)
    player.runStarted(3_600_000, 'run-2')
    player.send(1_000, A, closing('c1'), null, 'run-2')
    player.send(1_005, A, { type: 'gone' }, null, 'run-2')
    player.tick(3_600_100)
    expect(player.entries).toMatchObject([{ id: 'c1', at: T0 + 1_000, outcome: 'unconfirmed', cause: 'browser_ended' }])
  })

  test('does not end a document whose extension was only updated', () => {
    player.open(A)
    player.runStarted(1_000, 'run-2')
    const again = header('doc-again', { late: true, openedAt: T0 + 1_200 })
    player.send(1_200, again, { type: 'hello' }, undefined, 'run-2')
    player.send(1_210, again, agentEvent(facts()), undefined, 'run-2')
    player.tick(60_000)
    expect(player.entries).toEqual([])
    expect(Object.keys(player.state.documents)).toEqual(['doc-again'])
  })

  test('stands even if a tab of the new run has the number of an old one', () => {
    player.open(A)
    player.runStarted(50_000, 'run-2')
    player.send(50_100, header('doc-new', { openedAt: T0 + 50_100 }), { type: 'hello' }, undefined, 'run-2')
    player.tick(60_000)
    expect(player.entries).toMatchObject([{ cause: 'browser_ended' }])
  })
})

describe('a close that did not happen', () => {
  beforeEach(() => {
    player.open(A)
    player.send(1_000, A, closing('c1'))
    player.send(1_050, A, succeeded('c1'))
  })

  test('is logged as such, and the document is open again', () => {
    player.send(31_000, A, { type: 'stayed', closeId: 'c1' })
    expect(player.entries).toMatchObject([{ id: 'c1', cause: 'stayed', outcome: 'accepted' }])
    expect(player.state.documents['doc-a']).toMatchObject({ closing: null, result: null, stayedAt: null, gone: null })
  })

  test('stays pending as long as the page’s leave dialog may be open', () => {
    player.tick(600_000)
    expect(player.entries).toEqual([])
    expect(nextAlarm(player.state, T0 + 600_000)).toBeNull()
  })

  // Found by the properties: the mailbox of a finalized close is read again after the worker has died.
  test('does not begin again when its close report arrives again after its entry', () => {
    player.send(31_000, A, { type: 'stayed', closeId: 'c1' })
    player.send(1_000, A, closing('c1'), null)
    expect(pendingCloses(player.state)).toEqual([])
    player.send(40_000, A, closing('c2'))
    player.tabRemoved(40_050)
    player.tick(60_000)
    expect(player.entries.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['c1', 'accepted'],
      ['c2', 'unconfirmed'],
    ])
  })

  // Found by the properties: the answer to the first close was taken for that to the second.
  test('ends when the document closes again, and its answer does not count for the next close', () => {
    player.send(5_000, A, closing('c2'))
    expect(player.entries).toMatchObject([{ id: 'c1', cause: 'stayed', outcome: 'accepted' }])
    player.tabRemoved(5_050)
    player.tick(60_000)
    expect(player.entries[1]).toMatchObject({ id: 'c2', at: T0 + 5_000, cause: 'tab_closed', outcome: 'unconfirmed' })
    expect(player.entries).toHaveLength(2)
  })

  test('ends when the document closes again, even if its end is known before its close report', () => {
    player.tabRemoved(5_050)
    player.send(5_000, A, closing('c2'), null)
    player.tick(60_000)
    // The first close was accepted and its tab gone, so it was final before the second was known.
    expect(player.entries.map(({ id }) => id)).toEqual(['c1'])
    player = new EventPlayer()
    player.open(A)
    player.send(1_000, A, closing('c1'))
    player.tabRemoved(5_050)
    player.send(5_000, A, closing('c2'), null)
    player.tick(60_000)
    expect(player.entries).toMatchObject([
      { id: 'c1', cause: 'stayed' },
      { id: 'c2', cause: 'tab_closed' },
    ])
  })
})

describe('documents nested in one tab', () => {
  test('share one close, decided by the document that acted', () => {
    player.open(A)
    player.open(FRAME, facts(), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_000, A, closing('c1', { did: { action: 'none', reason: 'not_routable' } }))
    player.send(1_001, FRAME, closing('c2'), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_002, FRAME, { type: 'gone' }, null)
    player.tabRemoved(1_050)
    player.send(1_060, FRAME, succeeded('c2'), null)
    player.tick(9_000)
    // The close is named after its first sign, whichever document acted.
    expect(player.entries).toMatchObject([{ id: 'c1', outcome: 'accepted', at: T0 + 1_000, framed: true }])
    expect(player.state.documents).toEqual({})
  })

  test('have separate closes if they belong to two agents', () => {
    player.open(A)
    player.open(FRAME, facts('routable', { username: 'bob' }), { tabId: 1, frameId: 3, ownCookies: true })
    player.tabRemoved(1_000)
    player.tick(9_000)
    expect(player.entries.map(({ username }) => username).sort()).toEqual(['ada', 'bob'])
  })

  test('have separate closes if they are in two tabs', () => {
    player.open(A)
    player.open(header('doc-b'), facts(), { tabId: 2, frameId: 0, ownCookies: true })
    player.tabRemoved(1_000, 1)
    player.tabRemoved(1_000, 2)
    player.tick(9_000)
    expect(player.entries).toHaveLength(2)
  })

  test('have separate closes if the second opened after the first had gone', () => {
    player.open(A)
    player.send(1_000, A, closing('c1'))
    player.send(1_050, A, { type: 'gone' })
    player.send(1_100, NEXT, { type: 'hello' })
    player.send(1_110, NEXT, agentEvent(facts()))
    player.send(1_500, NEXT, closing('c2'))
    player.tabRemoved(1_600)
    player.tick(9_000)
    expect(player.entries.map(({ id, cause }) => [id, cause])).toEqual([
      ['c1', 'navigated_away'],
      ['c2', 'tab_closed'],
    ])
  })
})

describe('the place of a document', () => {
  test('may have had another frame number while the browser prerendered the page', () => {
    const [before, shown] = [3, 0].map((frameId) => ({ tabId: 1, frameId, ownCookies: true }))
    player.send(0, A, { type: 'hello' }, before)
    player.send(100, A, agentEvent(facts()), shown)
    expect(player.state.documents['doc-a']).toMatchObject({ agent: { username: 'ada' }, place: shown })
    player.lost(1_000, 'doc-a', 'disconnect', before)
    player.tick(10_000)
    expect(player.entries).toHaveLength(1)
  })

  test('is one frame of its tab, if it is a frame', () => {
    const [own, other] = [3, 4].map((frameId) => ({ tabId: 1, frameId, ownCookies: true }))
    player.send(0, FRAME, { type: 'hello' }, own)
    player.send(100, FRAME, agentEvent(facts()), other)
    expect(player.state.documents[FRAME.docId]).toMatchObject({ agent: null, place: own })
  })
})

describe('another CCP of the same agent', () => {
  const OTHER = header('doc-other')
  const ELSEWHERE = { tabId: 2, frameId: 0, ownCookies: true }
  beforeEach(() => {
    player.open(A)
    player.open(OTHER, facts(), ELSEWHERE)
    player.send(1_000, A, closing('c1'))
    player.tabRemoved(1_050)
  })

  test('that reports the agent Offline makes the close accepted, and no more', () => {
    player.send(1_200, OTHER, agentEvent(facts('offline')), ELSEWHERE)
    expect(player.entries).toMatchObject([{ outcome: 'accepted', evidence: 'snapshot', tookMs: 200 }])
  })

  test('confirms nothing with an older snapshot, however late it arrives', () => {
    player.send(990, OTHER, agentEvent(facts('offline')), ELSEWHERE)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })

  test('does not help a document that did not act', () => {
    player = new EventPlayer()
    player.open(A)
    player.open(OTHER, facts(), ELSEWHERE)
    player.lost(1_000, 'doc-a')
    player.send(1_200, OTHER, agentEvent(facts('offline')), ELSEWHERE)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'failed', reason: 'nothing_tried' }])
  })

  test('does not speak for an agent of the same name in another instance', () => {
    const stranger = header('doc-stranger', { instance: 'other.my.connect.aws' })
    player.open(stranger, facts(), { tabId: 3, frameId: 0, ownCookies: true })
    player.send(1_200, stranger, agentEvent(facts('offline')), { tabId: 3, frameId: 0, ownCookies: true })
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })
})

describe('a flag', () => {
  const closeUnnoticed = (): void => {
    player.open(A)
    player.send(1_000, A, closing('c1'))
    player.tabRemoved(1_050)
    player.tick(9_000)
    expect(flagsOf(player.state)).toHaveLength(1)
  }

  test('is cleared when the agent is seen again', () => {
    closeUnnoticed()
    player.open(header('doc-back', { openedAt: T0 + 20_000 }))
    // Sent at 10 ms by the helper, before the close: an old event.
    expect(flagsOf(player.state)).toHaveLength(1)
    player.send(20_100, header('doc-back', { openedAt: T0 + 20_000 }), agentEvent(facts()))
    expect(flagsOf(player.state)).toEqual([])
  })

  test('is cleared by its own dismissal only', () => {
    closeUnnoticed()
    player.dispatch({ type: 'dismiss_flag', at: T0 + 10_000, closeId: 'another' })
    expect(flagsOf(player.state)).toHaveLength(1)
    player.dispatch({ type: 'dismiss_flag', at: T0 + 10_000, closeId: 'c1' })
    expect(flagsOf(player.state)).toEqual([])
  })

  test('is raised once per agent, for the first close', () => {
    closeUnnoticed()
    const next = header('doc-b', { openedAt: T0 + 20_000 })
    player.send(20_000, next, closing('c2'), null)
    player.send(20_010, next, { type: 'gone' }, null)
    player.tick(30_000)
    expect(player.entries).toHaveLength(2)
    expect(flagsOf(player.state)).toMatchObject([{ closeId: 'c1' }])
  })

  test('is not raised for an agent who is already back', () => {
    player.open(A)
    player.send(1_000, A, closing('c1'))
    player.send(1_050, A, { type: 'gone' })
    player.send(1_500, NEXT, { type: 'hello' })
    player.send(1_800, NEXT, agentEvent(facts()))
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
    expect(flagsOf(player.state)).toEqual([])
  })
})

describe('untrusted events', () => {
  test('include a document that uses another document’s id from another tab', () => {
    player.open(A)
    const before = player.state
    player.send(1_000, A, closing('c1'), { tabId: 7, frameId: 0, ownCookies: true })
    expect(player.state).toEqual(before)
  })

  test('include the end of a port that names another tab’s document', () => {
    player.open(A)
    player.lost(1_000, 'doc-a', 'disconnect', { tabId: 7, frameId: 0, ownCookies: true })
    expect(player.state.documents['doc-a']?.gone).toBeNull()
  })

  test('include an older snapshot that arrives after a newer one', () => {
    player.open(A)
    player.send(500, A, agentEvent(facts('offline')))
    player.send(400, A, agentEvent(facts('routable')))
    expect(player.state.documents['doc-a']?.agent?.state).toEqual(state('offline'))
  })
})

test('a document without a hello is known from its close report', () => {
  player.send(1_000, A, closing('c1', { did: ATTEMPTED }), null)
  player.send(1_010, A, { type: 'gone' }, null)
  player.tick(9_000)
  expect(player.entries).toMatchObject([{ id: 'c1', username: 'ada', outcome: 'unconfirmed' }])
})

test('a document that never had an agent has no close, and is forgotten', () => {
  player.send(0, A, { type: 'hello' })
  player.send(30_000, A, { type: 'unprotected', reason: 'no_connect' })
  expect(player.state.documents['doc-a']?.protection).toEqual({ status: 'unprotected', reason: 'no_connect' })
  player.tabRemoved(40_000)
  player.tick(70_000)
  expect(player.entries).toMatchObject([{ id: 'doc-a-page', outcome: 'unprotected', reason: 'no_connect' }])
  expect(player.state.documents).toEqual({})
})

describe('a page that was shown as unprotected, and is closed,', () => {
  const MISSING = { type: 'unprotected', reason: 'no_connect', soFar: true } as const
  const flags = () => flagsOf(player.state)
  const open = (): void => {
    player.send(0, A, { type: 'hello' })
    player.send(2_000, A, MISSING)
  }

  test('is flagged once it is known to have had no agent, with its id in the log', () => {
    open()
    player.tabRemoved(10_000)
    expect(nextAlarm(player.state, T0 + 10_000)).toBe(T0 + 10_000 + LOADING_MS)
    player.tick(9_999 + LOADING_MS)
    expect(flags()).toEqual([])
    player.tick(10_000 + LOADING_MS)
    expect(flags()).toMatchObject([
      { why: 'unprotected', closeId: 'doc-a-page', username: '', instance: INSTANCE, since: T0 + 10_000 },
    ])
    expect(flags()).toMatchObject([{ url: A.url, outcome: 'unprotected', isObserved: true }])
    expect(player.entries).toEqual([])
    expect(nextAlarm(player.state, T0 + 40_000)).toBeNull()
  })

  test('is no longer flagged when an agent of the instance appears, or when it is dismissed', () => {
    open()
    player.tabRemoved(10_000)
    player.tick(10_000 + LOADING_MS)
    const flagged = player.state
    player.send(40_000, NEXT, { type: 'hello' })
    expect(flags()).toHaveLength(1)
    player.send(40_010, NEXT, agentEvent(facts()))
    expect(flags()).toEqual([])
    player.state = flagged
    player.dispatch({ type: 'dismiss_flag', at: T0 + 40_000, closeId: 'doc-a-page' })
    expect(flags()).toEqual([])
  })

  test('is not flagged if another page has replaced it, or an agent of the instance is in a CCP here', () => {
    open()
    player.send(3_000, NEXT, { type: 'hello' })
    player.tick(3_000 + LOADING_MS)
    expect(flags()).toEqual([])
    player = new EventPlayer()
    open()
    player.send(3_000, FRAME, agentEvent(facts()), { tabId: 2, frameId: 0, ownCookies: true })
    player.tabRemoved(10_000)
    player.tick(10_000 + LOADING_MS)
    expect(flags()).toEqual([])
  })

  test('is not flagged if the settings exclude its kind', () => {
    open()
    player.tabRemoved(10_000)
    const doc = player.state.documents['doc-a']
    if (doc === undefined) throw new Error('No document')
    const rules = () => ({ ...RULES, excluded: 'surface_excluded' as const })
    expect(withFlagOfUnprotected(player.state, doc, T0, { mode: 'act', rulesOf: rules })).toBe(player.state)
    expect(withFlagOfUnprotected(player.state, doc, T0, { mode: 'off', rulesOf: () => RULES })).toBe(player.state)
    const acting = withFlagOfUnprotected(player.state, doc, T0, { mode: 'act', rulesOf: () => RULES })
    expect(flagsOf(acting)).toMatchObject([{ isObserved: false }])
  })
})

test('a page without Streams is shown as unprotected soon after loading, and has its entry after 30 s', () => {
  const missing = { type: 'unprotected', reason: 'no_connect' } as const
  const protection = () => player.state.documents['doc-a']?.protection
  player.send(0, A, { type: 'hello' })
  player.send(2_000, A, { ...missing, soFar: true })
  expect(protection()).toEqual({ status: 'waiting', missing: 'no_connect' })
  expect(player.entries).toEqual([])
  player.send(30_000, A, missing)
  expect(protection()).toEqual({ status: 'unprotected', reason: 'no_connect' })
  expect(player.entries).toMatchObject([{ id: 'doc-a-page' }])
  // Repeated late, it does not change the result.
  player.send(30_001, A, { ...missing, soFar: true })
  expect(protection()).toEqual({ status: 'unprotected', reason: 'no_connect' })
})

test('a page whose agent appears after it was reported without Streams is protected, and has no entry', () => {
  player.send(0, A, { type: 'hello' })
  player.send(2_000, A, { type: 'unprotected', reason: 'no_connect', soFar: true })
  player.send(3_000, A, agentEvent(facts()))
  player.send(3_001, A, { type: 'unprotected', reason: 'no_connect', soFar: true })
  expect(player.state.documents['doc-a']?.protection).toEqual({ status: 'protected' })
  expect(player.entries).toEqual([])
})

test('the agent workspace around a CCP, and a frame inside it, do not count as unprotected pages', () => {
  const player = new EventPlayer()
  player.open(header('ccp', { framed: true }), facts(), { tabId: 1, frameId: 7, ownCookies: true })
  const parts = [
    [header('workspace', { surface: 'agent-workspace' }), { tabId: 1, frameId: 0, ownCookies: true }],
    [header('elsewhere'), { tabId: 2, frameId: 0, ownCookies: true }],
  ] as const
  for (const [part, place] of parts) {
    player.send(0, part, { type: 'hello' }, place)
    player.send(30_000, part, { type: 'unprotected', reason: 'no_connect' }, place)
  }
  expect(player.state.documents['workspace']?.protection).toEqual({ status: 'waiting' })
  expect(player.entries.map(({ id }) => id)).toEqual(['elsewhere-page'])
})

test('ended documents are forgotten after a week', () => {
  player.open(A)
  player.tabRemoved(1_000)
  player.tick(5_000)
  expect(Object.keys(player.state.ended)).toEqual(['doc-a'])
  player.tick(5_000 + 7 * 24 * 60 * 60_000)
  expect(player.state.ended).toEqual({})
})
