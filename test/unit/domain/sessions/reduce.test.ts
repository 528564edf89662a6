import { needsAttention } from '../../../../src/domain/log-entry'
import { ORPHAN_MS, pendingCloses, SETTLE_MS } from '../../../../src/domain/sessions/closes'
import { nextDeadline } from '../../../../src/domain/sessions/deadlines'
import { mayEnqueue } from '../../../../src/domain/sessions/state'
import {
  agentNews,
  ATTEMPTED,
  closing,
  facts,
  failed,
  header,
  INSTANCE,
  Sessions,
  state,
  succeeded,
  T0,
} from '../build'

let sessions: Sessions
beforeEach(() => {
  sessions = new Sessions()
})

const A = header('doc-a')
const FRAME = header('doc-frame', { framed: true })
const NEXT = header('doc-next', { openedAt: T0 + 1_100 })

describe('a tab that is closed', () => {
  beforeEach(() => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1'))
  })

  test('is one confirmed entry where Connect answered in time', () => {
    sessions.news(1_050, A, succeeded('c1'))
    sessions.news(1_060, A, { type: 'gone' }, null)
    sessions.tabRemoved(1_070)
    expect(sessions.entries).toMatchObject([
      {
        id: 'c1',
        at: T0 + 1_000,
        outcome: 'confirmed',
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
    expect(sessions.state.flags).toEqual([])
  })

  test('is unconfirmed and flagged where no answer came, after the settling time and not before', () => {
    sessions.tabRemoved(1_070)
    expect(nextDeadline(sessions.state, T0 + 1_080)).toBe(T0 + 1_070 + SETTLE_MS)
    expect(sessions.tick(1_069 + SETTLE_MS)).toEqual([])
    expect(sessions.tick(1_070 + SETTLE_MS)).toMatchObject([{ outcome: 'unconfirmed', evidence: 'none', tookMs: null }])
    expect(sessions.state.flags).toMatchObject([{ closeId: 'c1', username: 'ada', since: T0 + 1_000 }])
    expect(nextDeadline(sessions.state, T0 + 9_000)).toBeNull()
  })

  test('has failed where Connect said so, with its error', () => {
    sessions.news(1_050, A, failed('c1'))
    sessions.tabRemoved(1_070)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([
      { outcome: 'failed', evidence: 'call_answered', error: { type: 'ThrottlingException', message: 'No' } },
    ])
    expect(sessions.entries.every(needsAttention)).toBe(true)
  })

  test('is confirmed where a second try went through after a refusal, and the refusal is remembered', () => {
    sessions.news(1_040, A, failed('c1', 'UnexpectedParameter'))
    sessions.news(1_090, A, succeeded('c1'))
    sessions.tabRemoved(1_100)
    expect(sessions.entries).toMatchObject([{ outcome: 'confirmed', tookMs: 90 }])
    expect(mayEnqueue(sessions.state, INSTANCE, T0 + 2_000)).toBe(false)
    expect(mayEnqueue(sessions.state, 'other.my.connect.aws', T0 + 2_000)).toBe(true)
    expect(mayEnqueue(sessions.state, INSTANCE, T0 + 8 * 24 * 3_600_000)).toBe(true)
  })

  test('takes no failure for final where the second try after a refusal is still on its way', () => {
    sessions.news(1_040, A, failed('c1', 'UnexpectedParameter'))
    sessions.tabRemoved(1_100)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'unconfirmed', error: { type: 'UnexpectedParameter' } }])
  })

  test('believes no result of another close', () => {
    sessions.news(1_050, A, succeeded('c2'))
    sessions.tabRemoved(1_070)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })

  test('is a closed window where the browser says so', () => {
    sessions.tabRemoved(1_070, 1, true)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ cause: 'window_closed' }])
  })

  test('stays what it was when its words come again after it was concluded', () => {
    sessions.news(1_050, A, succeeded('c1'))
    sessions.tabRemoved(1_070)
    sessions.news(1_000, A, closing('c1'), null)
    sessions.news(1_060, A, { type: 'gone' }, null)
    sessions.tick(60_000)
    expect(sessions.entries).toHaveLength(1)
    expect(sessions.state.documents).toEqual({})
  })
})

describe('where a document went', () => {
  beforeEach(() => {
    sessions.open(A)
  })
  const leave = (hint: 'logout' | 'reload' | 'navigation' | null = null): void => {
    sessions.news(1_000, A, closing('c1', { hint }))
    sessions.news(1_010, A, succeeded('c1'))
    sessions.news(1_020, A, { type: 'gone' })
  }

  test('is told by the document that comes next in its frame: a reload', () => {
    leave()
    sessions.news(1_500, header('doc-next', { navigationType: 'reload' }), { type: 'hello' })
    expect(sessions.entries).toMatchObject([{ cause: 'reloaded' }])
  })

  test('is told by the document that comes next in its frame: another page', () => {
    leave()
    sessions.news(1_500, NEXT, { type: 'hello' })
    expect(sessions.entries).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is a log-out where the page said so', () => {
    leave('logout')
    expect(sessions.entries).toMatchObject([{ cause: 'logged_out' }])
  })

  test('is waited for while the tab is loading, but not for ever', () => {
    leave()
    expect(sessions.tick(5_000, { 1: 'loading' })).toEqual([])
    expect(nextDeadline(sessions.state, T0 + 5_000)).toBe(T0 + 5_500)
    expect(sessions.tick(21_020, { 1: 'loading' })).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is elsewhere where nothing told of it', () => {
    leave()
    expect(sessions.tick(3_020, { 1: 'complete' })).toMatchObject([{ cause: 'navigated_away' }])
  })

  test('is known to be a crash where it went without a word and its tab is still there', () => {
    sessions.lost(1_000, 'doc-a')
    expect(sessions.tick(3_000)).toMatchObject([{ cause: 'crashed', outcome: 'failed', reason: 'nothing_tried' }])
    expect(sessions.state.flags).toHaveLength(1)
  })

  test('is known where the frame of a page was removed: it hears of pagehide alone', () => {
    sessions = new Sessions()
    sessions.open(FRAME, facts(), { tabId: 1, frameId: 3, ownCookies: true })
    sessions.news(1_000, FRAME, closing('c1', { event: 'pagehide' }), { tabId: 1, frameId: 3, ownCookies: true })
    sessions.news(1_001, FRAME, { type: 'gone' }, null)
    expect(sessions.tick(3_001)).toMatchObject([{ cause: 'frame_removed', outcome: 'unconfirmed', framed: true }])
  })
})

describe('the end of the browser', () => {
  test('takes the documents of the run before it, unless a content script claims them', () => {
    sessions.open(A)
    sessions.runStarted(100_000, 'run-2')
    expect(nextDeadline(sessions.state, T0 + 100_000)).toBe(T0 + 100_000 + ORPHAN_MS)
    sessions.tick(100_000 + ORPHAN_MS)
    expect(sessions.entries).toMatchObject([
      { cause: 'browser_ended', outcome: 'failed', reason: 'nothing_tried', at: T0 + 10 },
    ])
  })

  test('is the cause where a page said goodbye in a run in which nobody heard it', () => {
    sessions.open(A)
    sessions.runStarted(3_600_000, 'run-2')
    sessions.news(1_000, A, closing('c1'), null, 'run-2')
    sessions.news(1_005, A, { type: 'gone' }, null, 'run-2')
    sessions.tick(3_600_100)
    expect(sessions.entries).toMatchObject([
      { id: 'c1', at: T0 + 1_000, outcome: 'unconfirmed', cause: 'browser_ended' },
    ])
  })

  test('does not end a document whose extension was only updated', () => {
    sessions.open(A)
    sessions.runStarted(1_000, 'run-2')
    const again = header('doc-again', { late: true, openedAt: T0 + 1_200 })
    sessions.news(1_200, again, { type: 'hello' }, undefined, 'run-2')
    sessions.news(1_210, again, agentNews(facts()), undefined, 'run-2')
    sessions.tick(60_000)
    expect(sessions.entries).toEqual([])
    expect(Object.keys(sessions.state.documents)).toEqual(['doc-again'])
  })

  test('is not undone by a tab of the new run that bears the number of an old one', () => {
    sessions.open(A)
    sessions.runStarted(50_000, 'run-2')
    sessions.news(50_100, header('doc-new', { openedAt: T0 + 50_100 }), { type: 'hello' }, undefined, 'run-2')
    sessions.tick(60_000)
    expect(sessions.entries).toMatchObject([{ cause: 'browser_ended' }])
  })
})

describe('a close that was none', () => {
  beforeEach(() => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1'))
    sessions.news(1_050, A, succeeded('c1'))
  })

  test('is logged as such, and the document is open again', () => {
    sessions.news(31_000, A, { type: 'stayed', closeId: 'c1' })
    expect(sessions.entries).toMatchObject([{ id: 'c1', cause: 'stayed', outcome: 'confirmed' }])
    expect(sessions.state.documents['doc-a']).toMatchObject({ closing: null, result: null, stayedAt: null, gone: null })
  })

  test('waits for as long as the page may ask whether to leave', () => {
    sessions.tick(600_000)
    expect(sessions.entries).toEqual([])
    expect(nextDeadline(sessions.state, T0 + 600_000)).toBeNull()
  })

  // Found by the properties: the mail of a close that has been concluded is read again after the death of the worker.
  test('does not begin again when its words come again after it was concluded', () => {
    sessions.news(31_000, A, { type: 'stayed', closeId: 'c1' })
    sessions.news(1_000, A, closing('c1'), null)
    expect(pendingCloses(sessions.state)).toEqual([])
    sessions.news(40_000, A, closing('c2'))
    sessions.tabRemoved(40_050)
    sessions.tick(60_000)
    expect(sessions.entries.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['c1', 'confirmed'],
      ['c2', 'unconfirmed'],
    ])
  })

  // Found by the properties: the answer to the first close was taken for one to the second.
  test('is over when the document closes again, and lends the next close no answer', () => {
    sessions.news(5_000, A, closing('c2'))
    expect(sessions.entries).toMatchObject([{ id: 'c1', cause: 'stayed', outcome: 'confirmed' }])
    sessions.tabRemoved(5_050)
    sessions.tick(60_000)
    expect(sessions.entries[1]).toMatchObject({ id: 'c2', at: T0 + 5_000, cause: 'tab_closed', outcome: 'unconfirmed' })
    expect(sessions.entries).toHaveLength(2)
  })

  test('is over when the document closes again, even where its end is heard of before its last words', () => {
    sessions.tabRemoved(5_050)
    sessions.news(5_000, A, closing('c2'), null)
    sessions.tick(60_000)
    // The first close was confirmed, and its tab gone: it was final before the second was heard of.
    expect(sessions.entries.map(({ id }) => id)).toEqual(['c1'])
    sessions = new Sessions()
    sessions.open(A)
    sessions.news(1_000, A, closing('c1'))
    sessions.tabRemoved(5_050)
    sessions.news(5_000, A, closing('c2'), null)
    sessions.tick(60_000)
    expect(sessions.entries).toMatchObject([
      { id: 'c1', cause: 'stayed' },
      { id: 'c2', cause: 'tab_closed' },
    ])
  })
})

describe('documents that are nested in one tab', () => {
  test('are one close, told by the document that acted', () => {
    sessions.open(A)
    sessions.open(FRAME, facts(), { tabId: 1, frameId: 3, ownCookies: true })
    sessions.news(1_000, A, closing('c1', { did: { action: 'none', reason: 'not_routable' } }))
    sessions.news(1_001, FRAME, closing('c2'), { tabId: 1, frameId: 3, ownCookies: true })
    sessions.news(1_002, FRAME, { type: 'gone' }, null)
    sessions.tabRemoved(1_050)
    sessions.news(1_060, FRAME, succeeded('c2'), null)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ id: 'c2', outcome: 'confirmed', at: T0 + 1_000, framed: true }])
    expect(sessions.state.documents).toEqual({})
  })

  test('of two agents are two closes', () => {
    sessions.open(A)
    sessions.open(FRAME, facts('routable', { username: 'bob' }), { tabId: 1, frameId: 3, ownCookies: true })
    sessions.tabRemoved(1_000)
    sessions.tick(9_000)
    expect(sessions.entries.map(({ username }) => username).sort()).toEqual(['ada', 'bob'])
  })

  test('of two tabs are two closes', () => {
    sessions.open(A)
    sessions.open(header('doc-b'), facts(), { tabId: 2, frameId: 0, ownCookies: true })
    sessions.tabRemoved(1_000, 1)
    sessions.tabRemoved(1_000, 2)
    sessions.tick(9_000)
    expect(sessions.entries).toHaveLength(2)
  })

  test('that went one after the other are one close each where the second came after the first had gone', () => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1'))
    sessions.news(1_050, A, { type: 'gone' })
    sessions.news(1_100, NEXT, { type: 'hello' })
    sessions.news(1_110, NEXT, agentNews(facts()))
    sessions.news(1_500, NEXT, closing('c2'))
    sessions.tabRemoved(1_600)
    sessions.tick(9_000)
    expect(sessions.entries.map(({ id, cause }) => [id, cause])).toEqual([
      ['c1', 'navigated_away'],
      ['c2', 'tab_closed'],
    ])
  })
})

describe('the place of a document', () => {
  test('may have had another number while the browser rendered it beforehand', () => {
    const [before, shown] = [3, 0].map((frameId) => ({ tabId: 1, frameId, ownCookies: true }))
    sessions.news(0, A, { type: 'hello' }, before)
    sessions.news(100, A, agentNews(facts()), shown)
    expect(sessions.state.documents['doc-a']).toMatchObject({ agent: { username: 'ada' }, place: shown })
    sessions.lost(1_000, 'doc-a', 'disconnect', before)
    sessions.tick(10_000)
    expect(sessions.entries).toHaveLength(1)
  })

  test('is one frame of its tab, where it is a frame', () => {
    const [own, other] = [3, 4].map((frameId) => ({ tabId: 1, frameId, ownCookies: true }))
    sessions.news(0, FRAME, { type: 'hello' }, own)
    sessions.news(100, FRAME, agentNews(facts()), other)
    expect(sessions.state.documents[FRAME.docId]).toMatchObject({ agent: null, place: own })
  })
})

describe('another CCP of the same agent', () => {
  const OTHER = header('doc-other')
  const ELSEWHERE = { tabId: 2, frameId: 0, ownCookies: true }
  beforeEach(() => {
    sessions.open(A)
    sessions.open(OTHER, facts(), ELSEWHERE)
    sessions.news(1_000, A, closing('c1'))
    sessions.tabRemoved(1_050)
  })

  test('confirms the close with a snapshot that shows the agent Offline', () => {
    sessions.news(1_200, OTHER, agentNews(facts('offline')), ELSEWHERE)
    expect(sessions.entries).toMatchObject([{ outcome: 'confirmed', evidence: 'snapshot', tookMs: 200 }])
  })

  test('confirms nothing with a snapshot of before, however late it comes', () => {
    sessions.news(990, OTHER, agentNews(facts('offline')), ELSEWHERE)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })

  test('confirms nothing of a document that did not act', () => {
    sessions = new Sessions()
    sessions.open(A)
    sessions.open(OTHER, facts(), ELSEWHERE)
    sessions.lost(1_000, 'doc-a')
    sessions.news(1_200, OTHER, agentNews(facts('offline')), ELSEWHERE)
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'failed', reason: 'nothing_tried' }])
  })

  test('says nothing of an agent of that name in another instance', () => {
    const stranger = header('doc-stranger', { instance: 'other.my.connect.aws' })
    sessions.open(stranger, facts(), { tabId: 3, frameId: 0, ownCookies: true })
    sessions.news(1_200, stranger, agentNews(facts('offline')), { tabId: 3, frameId: 0, ownCookies: true })
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'unconfirmed' }])
  })
})

describe('a flag', () => {
  const closeUnheard = (): void => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1'))
    sessions.tabRemoved(1_050)
    sessions.tick(9_000)
    expect(sessions.state.flags).toHaveLength(1)
  }

  test('comes down when the agent is seen again', () => {
    closeUnheard()
    sessions.open(header('doc-back', { openedAt: T0 + 20_000 }))
    // Told at 10 ms by the helper, which is before the close: nothing new.
    expect(sessions.state.flags).toHaveLength(1)
    sessions.news(20_100, header('doc-back', { openedAt: T0 + 20_000 }), agentNews(facts()))
    expect(sessions.state.flags).toEqual([])
  })

  test('comes down when it is dismissed, and no other does', () => {
    closeUnheard()
    sessions.tell({ type: 'dismiss_flag', at: T0 + 10_000, closeId: 'another' })
    expect(sessions.state.flags).toHaveLength(1)
    sessions.tell({ type: 'dismiss_flag', at: T0 + 10_000, closeId: 'c1' })
    expect(sessions.state.flags).toEqual([])
  })

  test('is one for an agent, from the first close on', () => {
    closeUnheard()
    const next = header('doc-b', { openedAt: T0 + 20_000 })
    sessions.news(20_000, next, closing('c2'), null)
    sessions.news(20_010, next, { type: 'gone' }, null)
    sessions.tick(30_000)
    expect(sessions.entries).toHaveLength(2)
    expect(sessions.state.flags).toMatchObject([{ closeId: 'c1' }])
  })

  test('is not raised for an agent who is back already', () => {
    sessions.open(A)
    sessions.news(1_000, A, closing('c1'))
    sessions.news(1_050, A, { type: 'gone' })
    sessions.news(1_500, NEXT, { type: 'hello' })
    sessions.news(1_800, NEXT, agentNews(facts()))
    sessions.tick(9_000)
    expect(sessions.entries).toMatchObject([{ outcome: 'unconfirmed' }])
    expect(sessions.state.flags).toEqual([])
  })
})

describe('what is not believed', () => {
  test('is a document that speaks with the name of another from another tab', () => {
    sessions.open(A)
    const before = sessions.state
    sessions.news(1_000, A, closing('c1'), { tabId: 7, frameId: 0, ownCookies: true })
    expect(sessions.state).toEqual(before)
  })

  test('is the end of a port that bears the name of another tab’s document', () => {
    sessions.open(A)
    sessions.lost(1_000, 'doc-a', 'disconnect', { tabId: 7, frameId: 0, ownCookies: true })
    expect(sessions.state.documents['doc-a']?.gone).toBeNull()
  })

  test('is an older snapshot that comes after a newer one', () => {
    sessions.open(A)
    sessions.news(500, A, agentNews(facts('offline')))
    sessions.news(400, A, agentNews(facts('routable')))
    expect(sessions.state.documents['doc-a']?.agent?.state).toEqual(state('offline'))
  })
})

test('a document that nobody announced is known by its last words', () => {
  sessions.news(1_000, A, closing('c1', { did: ATTEMPTED }), null)
  sessions.news(1_010, A, { type: 'gone' }, null)
  sessions.tick(9_000)
  expect(sessions.entries).toMatchObject([{ id: 'c1', username: 'ada', outcome: 'unconfirmed' }])
})

test('a document that never had an agent is no close, and is forgotten', () => {
  sessions.news(0, A, { type: 'hello' })
  sessions.news(30_000, A, { type: 'unprotected', reason: 'no_connect' })
  expect(sessions.state.documents['doc-a']?.protection).toEqual({ status: 'unprotected', reason: 'no_connect' })
  sessions.tabRemoved(40_000)
  sessions.tick(70_000)
  expect(sessions.entries).toMatchObject([{ id: 'doc-a-page', outcome: 'unprotected', reason: 'no_connect' }])
  expect(sessions.state.documents).toEqual({})
})

test('the agent workspace around a CCP, and a frame inside of it, are no pages that are not protected', () => {
  const sessions = new Sessions()
  sessions.open(header('ccp', { framed: true }), facts(), { tabId: 1, frameId: 7, ownCookies: true })
  const parts = [
    [header('workspace', { surface: 'agent-workspace' }), { tabId: 1, frameId: 0, ownCookies: true }],
    [header('elsewhere'), { tabId: 2, frameId: 0, ownCookies: true }],
  ] as const
  for (const [part, place] of parts) {
    sessions.news(0, part, { type: 'hello' }, place)
    sessions.news(30_000, part, { type: 'unprotected', reason: 'no_connect' }, place)
  }
  expect(sessions.state.documents['workspace']?.protection).toEqual({ status: 'waiting' })
  expect(sessions.entries.map(({ id }) => id)).toEqual(['elsewhere-page'])
})

test('what was done with is forgotten after a week', () => {
  sessions.open(A)
  sessions.tabRemoved(1_000)
  sessions.tick(5_000)
  expect(Object.keys(sessions.state.ended)).toEqual(['doc-a'])
  sessions.tick(5_000 + 7 * 24 * 60 * 60_000)
  expect(sessions.state.ended).toEqual({})
})
