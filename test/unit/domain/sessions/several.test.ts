/** Several CCPs of one agent: which of their closes the background asks about, and when. */
import { SETTLE_MS, UNHEARD_MS, verificationOf, pendingCloses } from '../../../../src/domain/sessions/closes'
import type { DocumentNews, SessionEvent } from '../../../../src/domain/sessions/events'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { agentNews, ATTEMPTED, closing, facts, header, RULES, RUN, succeeded, T0 } from '../build'

const TABS = { a: 1, b: 2, c: 3 } as const
type Name = keyof typeof TABS
const GRACE_MS = 20_000

let state: SessionsState
let entries: LogEntry[]
let seq: number

const tell = (event: SessionEvent): void => {
  const context = {
    extensionVersion: '1',
    mode: 'act',
    mayAsk: true,
    recovery: 'ask',
    graceMs: GRACE_MS,
    rules: () => RULES,
  } as const
  const next = reduceSessions(state, event, context)
  state = JSON.parse(JSON.stringify(next.state)) as SessionsState
  entries.push(...next.concluded)
}
const place = (name: Name) => ({ tabId: TABS[name], frameId: 0, ownCookies: true })
const say = (at: number, name: Name, news: DocumentNews, document = header(name)): void =>
  tell({ type: 'news', at: T0 + at, seq: seq++, runId: RUN, header: document, place: place(name), news })
const leaves = (at: number, name: Name, reason: 'other_ccp' | 'reload' = 'other_ccp'): void =>
  say(at, name, closing(`close-${name}`, { did: { action: 'left', reason } }))
const goes = (at: number, name: Name): void => {
  say(at, name, { type: 'gone' })
  tell({ type: 'tab_removed', at: T0 + at, tabId: TABS[name], windowClosing: false })
}
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
/** The closes that are being asked about. */
const asked = (): (string | undefined)[] =>
  pendingCloses(state)
    .filter((close) => verificationOf(close) !== null)
    .map(({ documents }) => documents[0].closing?.report.closeId ?? documents[0].docId)
const story = () => entries.map(({ id, outcome, reason }) => [id, outcome, reason])

const open = (...names: Name[]): void => {
  for (const name of names) {
    say(0, name, { type: 'hello' })
    say(10, name, agentNews(facts()))
  }
}

beforeEach(() => {
  state = EMPTY_SESSIONS
  entries = []
  seq = 0
})

test('the close of one of two needs nothing; that of the other does', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  goes(1_010, 'a')
  tick(1_010 + SETTLE_MS)
  expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  leaves(9_000, 'b')
  goes(9_010, 'b')
  tick(9_010 + SETTLE_MS)
  expect(asked()).toEqual(['close-b'])
})

test('of several that all left it to each other, the last is asked about, whatever is heard first', () => {
  open('a', 'b', 'c')
  leaves(1_020, 'c')
  leaves(1_000, 'a')
  leaves(1_010, 'b')
  for (const name of ['b', 'c', 'a'] as const) goes(1_030, name)
  tick(1_030 + SETTLE_MS)
  expect(asked()).toEqual(['close-c'])
  expect(story().sort()).toEqual([
    ['close-a', 'not_needed', 'other_ccp'],
    ['close-b', 'not_needed', 'other_ccp'],
  ])
})

test('one that left it to a page which acted needs nothing, also where that one is done with first', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  say(1_005, 'b', closing('close-b'))
  say(1_020, 'b', succeeded('close-b'))
  say(1_030, 'a', { type: 'gone' })
  goes(1_030, 'b')
  expect(story()).toEqual([['close-b', 'confirmed', null]])
  tick(1_030 + SETTLE_MS)
  expect(asked()).toEqual([])
  expect(story()[1]).toEqual(['close-a', 'not_needed', 'other_ccp'])
})

test('a page that took over in its last moment has seen to one that left after it', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  leaves(1_010, 'b')
  say(1_020, 'a', closing('close-a', { event: 'pagehide', did: ATTEMPTED }))
  say(1_040, 'a', succeeded('close-a'))
  goes(1_050, 'a')
  goes(1_050, 'b')
  tick(1_050 + SETTLE_MS)
  expect(story()).toEqual([
    ['close-a', 'confirmed', null],
    ['close-b', 'not_needed', 'other_ccp'],
  ])
})

test('one that had nothing to do sees to nobody: what was left to it is asked about', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  say(1_005, 'b', closing('close-b', { did: { action: 'none', reason: 'not_routable' } }))
  goes(1_010, 'a')
  goes(1_010, 'b')
  tick(1_010 + SETTLE_MS)
  expect(asked()).toEqual(['close-a'])
})

test.each(['lost', 'tab_removed'] as const)(
  'nor does one that vanished without a word (%s), in a state that needs nothing: it may have known less of the agent',
  (how) => {
    say(0, 'b', { type: 'hello' })
    say(5, 'b', agentNews(facts('not_routable')))
    open('a')
    leaves(1_000, 'a')
    goes(1_010, 'a')
    if (how === 'lost') tell({ type: 'lost', at: T0 + 1_500, docId: 'b', place: place('b'), by: 'disconnect' })
    else tell({ type: 'tab_removed', at: T0 + 1_500, tabId: TABS.b, windowClosing: false })
    tick(1_500 + SETTLE_MS)
    expect([story(), asked()]).toEqual([[['b', 'not_needed', 'not_routable']], ['close-a']])
  },
)

test('one that vanished without a word on a contact does: its close is asked about', () => {
  say(0, 'b', { type: 'hello' })
  say(5, 'b', agentNews(facts('system')))
  open('a')
  leaves(1_000, 'a')
  goes(1_010, 'a')
  tell({ type: 'lost', at: T0 + 1_500, docId: 'b', place: place('b'), by: 'disconnect' })
  tick(1_500 + SETTLE_MS)
  expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], ['b']])
})

test('while another is loaded anew, it is waited for; where it does not come back, its last close is asked about', () => {
  open('a', 'b')
  leaves(1_000, 'a', 'reload')
  say(1_005, 'a', { type: 'gone' })
  leaves(1_500, 'b')
  goes(1_510, 'b')
  tick(1_510 + SETTLE_MS)
  tick(1_000 + GRACE_MS)
  expect([story(), asked()]).toEqual([[], []])
  tick(1_005 + GRACE_MS)
  expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'reload']], ['close-b']])
})

test('where it does come back, the agent is there', () => {
  open('a', 'b')
  leaves(1_000, 'a', 'reload')
  say(1_005, 'a', { type: 'gone' })
  leaves(1_500, 'b')
  goes(1_510, 'b')
  const back = header('a-again', { openedAt: T0 + 9_000, navigationType: 'reload' })
  say(9_000, 'a', { type: 'hello' }, back)
  say(9_500, 'a', agentNews(facts()), back)
  tick(9_500 + SETTLE_MS)
  expect(asked()).toEqual([])
  expect(story().sort()).toEqual([
    ['close-a', 'not_needed', 'reload'],
    ['close-b', 'not_needed', 'other_ccp'],
  ])
})

describe('after a start of the worker', () => {
  beforeEach(() => {
    open('a', 'b')
    tell({ type: 'worker_started', at: T0 + 60_000 })
    leaves(60_000, 'a')
    goes(60_010, 'a')
    tick(60_010 + SETTLE_MS)
  })

  test('nobody is believed to be there before they have answered', () => {
    expect([story(), asked()]).toEqual([[], []])
    tell({ type: 'heard', at: T0 + 62_100, docId: 'b' })
    tick(62_200)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  })

  test('one that says anything is there', () => {
    say(62_100, 'b', agentNews(facts()))
    tick(62_200)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  })

  test('one whose process has died meanwhile is gone: its close is asked about', () => {
    tell({ type: 'lost', at: T0 + 62_100, docId: 'b', place: place('b'), by: 'no_answer' })
    tick(62_100 + SETTLE_MS)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], ['b']])
  })

  test('one that neither answers nor is refused is frozen: it is there', () => {
    tick(60_000 + UNHEARD_MS - 1)
    expect([story(), asked()]).toEqual([[], []])
    tick(60_000 + UNHEARD_MS)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  })
})

test('a browser that ended with closes which were left to each other: the next start asks about one of them', () => {
  open('a', 'b', 'c')
  for (const name of ['a', 'b', 'c'] as const) leaves(1_000, name)
  tell({ type: 'worker_started', at: T0 + 90_000 })
  tell({ type: 'run_started', at: T0 + 90_000, runId: 'next' })
  tell({ type: 'browser_started', at: T0 + 90_010, runId: 'next' })
  tick(90_020)
  expect(asked()).toEqual(['close-c'])
  expect(story()).toEqual([
    ['close-a', 'not_needed', 'other_ccp'],
    ['close-b', 'not_needed', 'other_ccp'],
  ])
})

test('one whose process dies while another is open needs nothing; one to which the agent comes back later did', () => {
  open('a', 'b')
  tell({ type: 'lost', at: T0 + 1_000, docId: 'a', place: place('a'), by: 'disconnect' })
  tick(1_000 + SETTLE_MS)
  tell({ type: 'lost', at: T0 + 9_000, docId: 'b', place: place('b'), by: 'disconnect' })
  const back = header('c', { openedAt: T0 + 9_500 })
  say(9_500, 'c', { type: 'hello' }, back)
  say(9_600, 'c', agentNews(facts()), back)
  tick(9_000 + SETTLE_MS)
  expect([story(), asked()]).toEqual([
    [
      ['a', 'not_needed', 'other_ccp'],
      ['b', 'failed', 'agent_present'],
    ],
    [],
  ])
})

test('the two hosts of an older instance are one: a CCP at either is the agent’s', () => {
  const legacy = header('b', { instance: 'acme.awsapps.com', url: 'https://acme.awsapps.com/connect/ccp' })
  open('a')
  say(0, 'b', { type: 'hello' }, legacy)
  say(10, 'b', agentNews(facts()), legacy)
  leaves(1_000, 'a')
  goes(1_010, 'a')
  tick(1_010 + SETTLE_MS)
  expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
})
