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

  test('is one accepted entry where Connect answered in time', () => {
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

  test('is unconfirmed and flagged where no answer came, after the settling time and not before', () => {
    player.tabRemoved(1_070)
    expect(nextAlarm(player.state, T0 + 1_080)).toBe(T0 + 1_070 + SETTLE_MS)
    expect(player.tick(1_069 + SETTLE_MS)).toEqual([])
    expect(player.tick(1_070 + SETTLE_MS)).toMatchObject([{ outcome: 'unconfirmed', evidence: 'none', tookMs: null }])
    expect(flagsOf(player.state)).toMatchObject([{ closeId: 'c1', username: 'ada', since: T0 + 1_000 }])
    expect(nextAlarm(player.state, T0 + 9_000)).toBeNull()
  })

  test('has failed where Connect said so, with its error', () => {
    player.send(1_050, A, failed('c1'))
    player.tabRemoved(1_070)
    player.tick(9_000)
    expect(player.entries).toMatchObject([
      { outcome: 'failed', evidence: 'call_answered', error: { type: 'ThrottlingException', message: 'No' } },
    ])
    expect(player.entries.every(needsAttention)).toBe(true)
  })

  test('is accepted where a second try went through after a refusal, and the refusal is remembered', () => {
    player.send(1_040, A, failed('c1', 'UnexpectedParameter'))
    player.send(1_090, A, succeeded('c1'))
    player.tabRemoved(1_100)
    expect(player.entries).toMatchObject([{ outcome: 'accepted', tookMs: 90 }])
    expect(mayEnqueue(player.state, INSTANCE, T0 + 2_000)).toBe(false)
    expect(mayEnqueue(player.state, 'other.my.connect.aws', T0 + 2_000)).toBe(true)
    expect(mayEnqueue(player.state, INSTANCE, T0 + 8 * 24 * 3_600_000)).toBe(true)
  })

  test('takes no failure for final where the second try after a refusal is still on its way', () => {
    player.send(1_040, A, failed('c1', 'UnexpectedParameter'))
    player.tabRemoved(1_100)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed', error: { type: 'UnexpectedParameter' } }])
  })

  test('believes no result of another close', () => {
    player.send(1_050, A, succeeded('c2'))
    player.tabRemoved(1_070)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })

  test('is a closed window where the browser says so', () => {
    player.tabRemoved(1_070, 1, true)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ cause: 'window_closed' }])
  })

  test('stays what it was when its words come again after it was concluded', () => {
    player.send(1_050, A, succeeded('c1'))
    player.tabRemoved(1_070)
    player.send(1_000, A, closing('c1'), null)
    player.send(1_060, A, { type: 'gone' }, null)
    player.tick(60_000)
    expect(player.entries).toHaveLength(1)
    expect(player.state.documents).toEqual({})
  })
})

describe('where a document went', () => {
  beforeEach(() => {
    player.open(A)
  })
  const leave = (hint: 'logout' | 'reload' | 'navigation' | null = null): void => {
    player.send(1_000, A, closing('c1', { hint }))
    player.send(1_010, A, succeeded('c1'))
    player.send(1_020, A, { type: 'gone' })
  }

  test('is told by the document that comes next in its frame: a reload', () => {
    leave()
    player.send(1_500, header('doc-next', { navigationType: 'reload' }), { type: 'hello' })
    expect(player.entries).toMatchObject([{ cause: 'reloaded' }])
  })

  test('is told by the document that comes next in its frame: another page', () => {
    leave()
    player.send(1_500, NEXT, { type: 'hello' })
    expect(player.entries).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is a log-out where the page said so', () => {
    leave('logout')
    expect(player.entries).toMatchObject([{ cause: 'logged_out' }])
  })

  test('is a log-out where the page held one, whatever announced it: the sign-in page that follows is a navigation', () => {
    player.send(1_000, A, closing('c1', { event: 'logout', hint: null }))
    player.send(1_010, A, succeeded('c1'))
    player.send(1_020, A, { type: 'gone' })
    player.send(1_500, NEXT, { type: 'hello' })
    expect(player.entries).toMatchObject([{ cause: 'logged_out' }])
  })

  test('is waited for while the tab is loading, but not for ever', () => {
    leave()
    expect(player.tick(5_000, { 1: 'loading' })).toEqual([])
    expect(nextAlarm(player.state, T0 + 5_000)).toBe(T0 + 5_500)
    expect(player.tick(21_020, { 1: 'loading' })).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is elsewhere where nothing told of it', () => {
    leave()
    expect(player.tick(3_020, { 1: 'complete' })).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is known to be a crash where it went without a word and its tab is still there', () => {
    player.lost(1_000, 'doc-a')
    expect(player.tick(3_000)).toMatchObject([{ cause: 'crashed', outcome: 'failed', reason: 'nothing_tried' }])
    expect(flagsOf(player.state)).toHaveLength(1)
  })

  test('is known where the frame of a page was removed: it hears of pagehide alone', () => {
    player = new EventPlayer()
    player.open(FRAME, facts(), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_000, FRAME, closing('c1', { event: 'pagehide' }), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_001, FRAME, { type: 'gone' }, null)
    expect(player.tick(3_001)).toMatchObject([{ cause: 'frame_removed', outcome: 'unconfirmed', framed: true }])
  })
})

describe('the end of the browser', () => {
  test('takes the documents of the run before it, unless a content script claims them', () => {
    player.open(A)
    player.runStarted(100_000, 'run-2')
    expect(nextAlarm(player.state, T0 + 100_000)).toBe(T0 + 100_000 + ORPHAN_MS)
    player.tick(100_000 + ORPHAN_MS)
    expect(player.entries).toMatchObject([
      { cause: 'browser_ended', outcome: 'failed', reason: 'nothing_tried', at: T0 + 10 },
    ])
  })

  test('is the cause where a page said goodbye in a run in which nobody heard it', () => {
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

  test('is not undone by a tab of the new run that bears the number of an old one', () => {
    player.open(A)
    player.runStarted(50_000, 'run-2')
    player.send(50_100, header('doc-new', { openedAt: T0 + 50_100 }), { type: 'hello' }, undefined, 'run-2')
    player.tick(60_000)
    expect(player.entries).toMatchObject([{ cause: 'browser_ended' }])
  })
})

describe('a close that was none', () => {
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

  test('waits for as long as the page may ask whether to leave', () => {
    player.tick(600_000)
    expect(player.entries).toEqual([])
    expect(nextAlarm(player.state, T0 + 600_000)).toBeNull()
  })

  // Found by the properties: the mail of a close that has been concluded is read again after the death of the worker.
  test('does not begin again when its words come again after it was concluded', () => {
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

  // Found by the properties: the answer to the first close was taken for one to the second.
  test('is over when the document closes again, and lends the next close no answer', () => {
    player.send(5_000, A, closing('c2'))
    expect(player.entries).toMatchObject([{ id: 'c1', cause: 'stayed', outcome: 'accepted' }])
    player.tabRemoved(5_050)
    player.tick(60_000)
    expect(player.entries[1]).toMatchObject({ id: 'c2', at: T0 + 5_000, cause: 'tab_closed', outcome: 'unconfirmed' })
    expect(player.entries).toHaveLength(2)
  })

  test('is over when the document closes again, even where its end is heard of before its last words', () => {
    player.tabRemoved(5_050)
    player.send(5_000, A, closing('c2'), null)
    player.tick(60_000)
    // The first close was confirmed, and its tab gone: it was final before the second was heard of.
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

describe('documents that are nested in one tab', () => {
  test('are one close, told by the document that acted', () => {
    player.open(A)
    player.open(FRAME, facts(), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_000, A, closing('c1', { did: { action: 'none', reason: 'not_routable' } }))
    player.send(1_001, FRAME, closing('c2'), { tabId: 1, frameId: 3, ownCookies: true })
    player.send(1_002, FRAME, { type: 'gone' }, null)
    player.tabRemoved(1_050)
    player.send(1_060, FRAME, succeeded('c2'), null)
    player.tick(9_000)
    // Its id is that of its first sign, whichever document acted.
    expect(player.entries).toMatchObject([{ id: 'c1', outcome: 'accepted', at: T0 + 1_000, framed: true }])
    expect(player.state.documents).toEqual({})
  })

  test('of two agents are two closes', () => {
    player.open(A)
    player.open(FRAME, facts('routable', { username: 'bob' }), { tabId: 1, frameId: 3, ownCookies: true })
    player.tabRemoved(1_000)
    player.tick(9_000)
    expect(player.entries.map(({ username }) => username).sort()).toEqual(['ada', 'bob'])
  })

  test('of two tabs are two closes', () => {
    player.open(A)
    player.open(header('doc-b'), facts(), { tabId: 2, frameId: 0, ownCookies: true })
    player.tabRemoved(1_000, 1)
    player.tabRemoved(1_000, 2)
    player.tick(9_000)
    expect(player.entries).toHaveLength(2)
  })

  test('that went one after the other are one close each where the second came after the first had gone', () => {
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
  test('may have had another number while the browser rendered it beforehand', () => {
    const [before, shown] = [3, 0].map((frameId) => ({ tabId: 1, frameId, ownCookies: true }))
    player.send(0, A, { type: 'hello' }, before)
    player.send(100, A, agentEvent(facts()), shown)
    expect(player.state.documents['doc-a']).toMatchObject({ agent: { username: 'ada' }, place: shown })
    player.lost(1_000, 'doc-a', 'disconnect', before)
    player.tick(10_000)
    expect(player.entries).toHaveLength(1)
  })

  test('is one frame of its tab, where it is a frame', () => {
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

  test('says that the agent is Offline, which the entry says of it and no more', () => {
    player.send(1_200, OTHER, agentEvent(facts('offline')), ELSEWHERE)
    expect(player.entries).toMatchObject([{ outcome: 'accepted', evidence: 'snapshot', tookMs: 200 }])
  })

  test('confirms nothing with a snapshot of before, however late it comes', () => {
    player.send(990, OTHER, agentEvent(facts('offline')), ELSEWHERE)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })

  test('confirms nothing of a document that did not act', () => {
    player = new EventPlayer()
    player.open(A)
    player.open(OTHER, facts(), ELSEWHERE)
    player.lost(1_000, 'doc-a')
    player.send(1_200, OTHER, agentEvent(facts('offline')), ELSEWHERE)
    player.tick(9_000)
    expect(player.entries).toMatchObject([{ outcome: 'failed', reason: 'nothing_tried' }])
  })

  test('says nothing of an agent of that name in another instance', () => {
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

  test('comes down when the agent is seen again', () => {
    closeUnnoticed()
    player.open(header('doc-back', { openedAt: T0 + 20_000 }))
    // Told at 10 ms by the helper, which is before the close: nothing new.
    expect(flagsOf(player.state)).toHaveLength(1)
    player.send(20_100, header('doc-back', { openedAt: T0 + 20_000 }), agentEvent(facts()))
    expect(flagsOf(player.state)).toEqual([])
  })

  test('comes down when it is dismissed, and no other does', () => {
    closeUnnoticed()
    player.dispatch({ type: 'dismiss_flag', at: T0 + 10_000, closeId: 'another' })
    expect(flagsOf(player.state)).toHaveLength(1)
    player.dispatch({ type: 'dismiss_flag', at: T0 + 10_000, closeId: 'c1' })
    expect(flagsOf(player.state)).toEqual([])
  })

  test('is one for an agent, from the first close on', () => {
    closeUnnoticed()
    const next = header('doc-b', { openedAt: T0 + 20_000 })
    player.send(20_000, next, closing('c2'), null)
    player.send(20_010, next, { type: 'gone' }, null)
    player.tick(30_000)
    expect(player.entries).toHaveLength(2)
    expect(flagsOf(player.state)).toMatchObject([{ closeId: 'c1' }])
  })

  test('is not raised for an agent who is back already', () => {
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

describe('what is not believed', () => {
  test('is a document that speaks with the name of another from another tab', () => {
    player.open(A)
    const before = player.state
    player.send(1_000, A, closing('c1'), { tabId: 7, frameId: 0, ownCookies: true })
    expect(player.state).toEqual(before)
  })

  test('is the end of a port that bears the name of another tab’s document', () => {
    player.open(A)
    player.lost(1_000, 'doc-a', 'disconnect', { tabId: 7, frameId: 0, ownCookies: true })
    expect(player.state.documents['doc-a']?.gone).toBeNull()
  })

  test('is an older snapshot that comes after a newer one', () => {
    player.open(A)
    player.send(500, A, agentEvent(facts('offline')))
    player.send(400, A, agentEvent(facts('routable')))
    expect(player.state.documents['doc-a']?.agent?.state).toEqual(state('offline'))
  })
})

test('a document that nobody announced is known by its last words', () => {
  player.send(1_000, A, closing('c1', { did: ATTEMPTED }), null)
  player.send(1_010, A, { type: 'gone' }, null)
  player.tick(9_000)
  expect(player.entries).toMatchObject([{ id: 'c1', username: 'ada', outcome: 'unconfirmed' }])
})

test('a document that never had an agent is no close, and is forgotten', () => {
  player.send(0, A, { type: 'hello' })
  player.send(30_000, A, { type: 'unprotected', reason: 'no_connect' })
  expect(player.state.documents['doc-a']?.protection).toEqual({ status: 'unprotected', reason: 'no_connect' })
  player.tabRemoved(40_000)
  player.tick(70_000)
  expect(player.entries).toMatchObject([{ id: 'doc-a-page', outcome: 'unprotected', reason: 'no_connect' }])
  expect(player.state.documents).toEqual({})
})

describe('a page that was shown as not protected, and is closed,', () => {
  const MISSING = { type: 'unprotected', reason: 'no_connect', soFar: true } as const
  const flags = () => flagsOf(player.state)
  const open = (): void => {
    player.send(0, A, { type: 'hello' })
    player.send(2_000, A, MISSING)
  }

  test('is flagged once it is known to have had no agent, under its name in the log', () => {
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

  test('is no longer flagged when an agent of the instance shows, or when it is dismissed', () => {
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

  test('is not flagged where another page has come in its place, or an agent of the instance is in a CCP here', () => {
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

  test('is not flagged where the settings leave its kind alone', () => {
    open()
    player.tabRemoved(10_000)
    const doc = player.state.documents['doc-a']
    if (doc === undefined) throw new Error('No document')
    const rules = () => ({ ...RULES, excluded: 'surface_excluded' as const })
    expect(withFlagOfUnprotected(player.state, doc, T0, { mode: 'act', rules })).toBe(player.state)
    expect(withFlagOfUnprotected(player.state, doc, T0, { mode: 'off', rules: () => RULES })).toBe(player.state)
    const acting = withFlagOfUnprotected(player.state, doc, T0, { mode: 'act', rules: () => RULES })
    expect(flagsOf(acting)).toMatchObject([{ isObserved: false }])
  })
})

test('a page that has loaded without Streams is shown as such at once, and has its entry when nobody can expect it any more', () => {
  const missing = { type: 'unprotected', reason: 'no_connect' } as const
  const protection = () => player.state.documents['doc-a']?.protection
  player.send(0, A, { type: 'hello' })
  player.send(2_000, A, { ...missing, soFar: true })
  expect(protection()).toEqual({ status: 'waiting', missing: 'no_connect' })
  expect(player.entries).toEqual([])
  player.send(30_000, A, missing)
  expect(protection()).toEqual({ status: 'unprotected', reason: 'no_connect' })
  expect(player.entries).toMatchObject([{ id: 'doc-a-page' }])
  // Said late, it takes nothing back.
  player.send(30_001, A, { ...missing, soFar: true })
  expect(protection()).toEqual({ status: 'unprotected', reason: 'no_connect' })
})

test('a page whose agent shows after it was said to lack Streams is protected, and has no entry', () => {
  player.send(0, A, { type: 'hello' })
  player.send(2_000, A, { type: 'unprotected', reason: 'no_connect', soFar: true })
  player.send(3_000, A, agentEvent(facts()))
  player.send(3_001, A, { type: 'unprotected', reason: 'no_connect', soFar: true })
  expect(player.state.documents['doc-a']?.protection).toEqual({ status: 'protected' })
  expect(player.entries).toEqual([])
})

test('the agent workspace around a CCP, and a frame inside of it, are no pages that are not protected', () => {
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

test('what was done with is forgotten after a week', () => {
  player.open(A)
  player.tabRemoved(1_000)
  player.tick(5_000)
  expect(Object.keys(player.state.ended)).toEqual(['doc-a'])
  player.tick(5_000 + 7 * 24 * 60 * 60_000)
  expect(player.state.ended).toEqual({})
})
