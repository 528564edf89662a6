/** Several CCPs of one agent: which of their closes the background verifies, and when. */
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { SETTLE_MS, SIGN_OF_LIFE_MS } from '../../../../src/domain/closes/agent-presence'
import { flagsOf } from '../../../../src/domain/closes/flags'
import type { DocumentEvent, CcpEvent } from '../../../../src/domain/closes/events'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { agentEvent, ATTEMPTED, closing, facts, failed, header, RULES, RUN, succeeded, T0 } from '../build'

const TABS = { a: 1, b: 2, c: 3 } as const
type Name = keyof typeof TABS
const GRACE_MS = 20_000

let state: CloseState
let entries: LogEntry[]
let seq: number

const tell = (event: CcpEvent): void => {
  const context = {
    extensionVersion: '1',
    mode: 'act',
    mayAsk: true,
    recoveryUse: 'ask',
    graceMs: GRACE_MS,
    rulesOf: () => RULES,
  } as const
  const next = reduceCloses(state, event, context)
  state = JSON.parse(JSON.stringify(next.state)) as CloseState
  entries.push(...next.finalized)
}
const place = (name: Name) => ({ tabId: TABS[name], frameId: 0, ownCookies: true })
const say = (at: number, name: Name, docEvent: DocumentEvent, document = header(name)): void =>
  tell({ type: 'document', at: T0 + at, seq: seq++, runId: RUN, header: document, place: place(name), docEvent })
const leaves = (at: number, name: Name, reason: 'other_ccp' | 'reload' = 'other_ccp'): void =>
  say(at, name, closing(`close-${name}`, { did: { action: 'left', reason } }))
const goes = (at: number, name: Name): void => {
  say(at, name, { type: 'gone' })
  tell({ type: 'tab_removed', at: T0 + at, tabId: TABS[name], windowClosing: false })
}
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
/** The closes being checked. */
const asked = (): (string | undefined)[] =>
  pendingCloses(state)
    .filter((close) => close.check !== null)
    .map(({ documents }) => documents[0].closing?.report.closeId ?? documents[0].docId)
const story = () => entries.map(({ id, outcome, reason }) => [id, outcome, reason])

const open = (...names: Name[]): void => {
  for (const name of names) {
    say(0, name, { type: 'hello' })
    say(10, name, agentEvent(facts()))
  }
}

beforeEach(() => {
  state = EMPTY_CLOSE_STATE
  entries = []
  seq = 0
})

test('the close of the first of two CCPs needs nothing; that of the second does', () => {
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

test('an accepted close that was deferred to a CCP which closes too does not make another close needless', () => {
  const isRemoved = (name: Name): void =>
    tell({ type: 'tab_removed', at: T0 + 1_001, tabId: TABS[name], windowClosing: false })
  open('a', 'b', 'c')
  leaves(1_000, 'b')
  leaves(1_001, 'a')
  isRemoved('a')
  say(1_001, 'b', closing('close-b', { event: 'pagehide', did: ATTEMPTED }))
  say(1_001, 'b', succeeded('close-b'))
  isRemoved('b')
  expect(story()).toEqual([['close-b', 'accepted', 'agent_present']])
  // Only afterwards is it known that `c` was already closing: nobody has seen the agent Offline.
  leaves(1_000, 'c')
  isRemoved('c')
  tick(1_001 + SETTLE_MS)
  expect(asked()).toHaveLength(1)
})

test.each([
  ['a', 'b'],
  ['b', 'a'],
] as const)(
  'after a log-out of two CCPs, one of which had Offline accepted, nobody is flagged, with %s known first',
  (first, second) => {
    open('a', 'b')
    for (const name of ['a', 'b'] as const)
      say(1_000, name, closing(`close-${name}`, { event: 'logout', hint: 'logout' }))
    say(1_050, 'a', succeeded('close-a'))
    say(1_050, 'b', failed('close-b', 'UnauthorizedException'))
    for (const name of ['a', 'b'] as const) say(1_100, name, { type: 'gone' })
    tick(1_100 + SETTLE_MS)
    expect(asked().sort()).toEqual(['close-a', 'close-b'])
    for (const name of [first, second]) {
      const finding = { kind: 'ended', reason: 'signed_out' } as const
      tell({ type: 'checked', at: T0 + 4_000, closeId: `close-${name}`, finding, jitter: 0.5, roundTripMs: 40 })
    }
    expect(story().sort()).toEqual([
      ['close-a', 'accepted', 'signed_out'],
      ['close-b', 'failed', 'signed_out'],
    ])
    expect(flagsOf(state)).toEqual([])
  },
)

test('of several CCPs that all defer to each other, the last is verified, in whatever order the events arrive', () => {
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

test('a close deferred to a page that acted needs nothing, even if that page is finalized first', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  say(1_005, 'b', closing('close-b'))
  say(1_020, 'b', succeeded('close-b'))
  say(1_025, 'b', agentEvent(facts('offline')))
  say(1_030, 'a', { type: 'gone' })
  goes(1_030, 'b')
  tick(1_030 + SETTLE_MS)
  expect(asked()).toEqual(['close-b'])
  expect(story()).toEqual([['close-a', 'not_needed', 'other_ccp']])
})

test('a page that acted in its last moment covers a close that was deferred after it', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  leaves(1_010, 'b')
  say(1_020, 'a', closing('close-a', { event: 'pagehide', did: ATTEMPTED }))
  say(1_040, 'a', succeeded('close-a'))
  say(1_045, 'a', agentEvent(facts('offline')))
  goes(1_050, 'a')
  goes(1_050, 'b')
  tick(1_050 + SETTLE_MS)
  expect(asked()).toEqual(['close-a'])
  expect(story()).toEqual([['close-b', 'not_needed', 'other_ccp']])
})

test('a close deferred to a page that had nothing to do is verified', () => {
  open('a', 'b')
  leaves(1_000, 'a')
  say(1_005, 'b', closing('close-b', { did: { action: 'none', reason: 'not_routable' } }))
  goes(1_010, 'a')
  goes(1_010, 'b')
  tick(1_010 + SETTLE_MS)
  expect(asked()).toEqual(['close-a'])
})

test.each(['lost', 'tab_removed'] as const)(
  'a close deferred to a page that vanished (%s) in a state that needs nothing is verified: it may have known less',
  (how) => {
    say(0, 'b', { type: 'hello' })
    say(5, 'b', agentEvent(facts('not_routable')))
    open('a')
    leaves(1_000, 'a')
    goes(1_010, 'a')
    if (how === 'lost') tell({ type: 'lost', at: T0 + 1_500, docId: 'b', place: place('b'), by: 'disconnect' })
    else tell({ type: 'tab_removed', at: T0 + 1_500, tabId: TABS.b, windowClosing: false })
    tick(1_500 + SETTLE_MS)
    expect([story(), asked()]).toEqual([[['b', 'not_needed', 'not_routable']], ['close-a']])
  },
)

test('a CCP that vanished during a contact is verified, and covers a close deferred to it', () => {
  say(0, 'b', { type: 'hello' })
  say(5, 'b', agentEvent(facts('system')))
  open('a')
  leaves(1_000, 'a')
  goes(1_010, 'a')
  tell({ type: 'lost', at: T0 + 1_500, docId: 'b', place: place('b'), by: 'disconnect' })
  tick(1_500 + SETTLE_MS)
  expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], ['b']])
})

test('while another CCP reloads, it is awaited; if it does not come back, the last close is verified', () => {
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

test('if the reloading CCP comes back, the agent is there', () => {
  open('a', 'b')
  leaves(1_000, 'a', 'reload')
  say(1_005, 'a', { type: 'gone' })
  leaves(1_500, 'b')
  goes(1_510, 'b')
  const back = header('a-again', { openedAt: T0 + 9_000, navigationType: 'reload' })
  say(9_000, 'a', { type: 'hello' }, back)
  say(9_500, 'a', agentEvent(facts()), back)
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
    tell({ type: 'worker_started', at: T0 + 60_000, runId: RUN })
    leaves(60_000, 'a')
    goes(60_010, 'a')
    tick(60_010 + SETTLE_MS)
  })

  test('a CCP counts as open only after it has answered', () => {
    expect([story(), asked()]).toEqual([[], []])
    tell({ type: 'heard', at: T0 + 62_100, docId: 'b' })
    tick(62_200)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  })

  test('any event of a CCP shows that it is open', () => {
    say(62_100, 'b', agentEvent(facts()))
    tick(62_200)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  })

  test('a CCP whose process has died meanwhile is gone: its close is verified', () => {
    tell({ type: 'lost', at: T0 + 62_100, docId: 'b', place: place('b'), by: 'no_answer' })
    tick(62_100 + SETTLE_MS)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], ['b']])
  })

  test('a CCP that neither answers nor refuses is frozen, and counts as open', () => {
    tick(60_000 + SIGN_OF_LIFE_MS - 1)
    expect([story(), asked()]).toEqual([[], []])
    tick(60_000 + SIGN_OF_LIFE_MS)
    expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
  })
})

test('after a browser end with closes deferred to each other, the next start verifies one of them', () => {
  open('a', 'b', 'c')
  for (const name of ['a', 'b', 'c'] as const) leaves(1_000, name)
  tell({ type: 'worker_started', at: T0 + 90_000, runId: 'next' })
  tell({ type: 'browser_started', at: T0 + 90_010, runId: 'next' })
  tick(90_020)
  expect(asked()).toEqual(['close-c'])
  expect(story()).toEqual([
    ['close-a', 'not_needed', 'other_ccp'],
    ['close-b', 'not_needed', 'other_ccp'],
  ])
})

test('what the browser’s end left to settle ended with the browser, at the first event of the next start', () => {
  open('a', 'b')
  for (const name of ['a', 'b'] as const) {
    leaves(1_000, name)
    say(1_005, name, { type: 'gone' })
  }
  tell({ type: 'worker_started', at: T0 + 90_000, runId: 'next' })
  expect(entries.map(({ id, cause }) => [id, cause])).toEqual([['close-a', 'browser_ended']])
})

test('a dying CCP beside an open one needs nothing; a dying last one did, if the agent only returns later', () => {
  open('a', 'b')
  tell({ type: 'lost', at: T0 + 1_000, docId: 'a', place: place('a'), by: 'disconnect' })
  tick(1_000 + SETTLE_MS)
  tell({ type: 'lost', at: T0 + 9_000, docId: 'b', place: place('b'), by: 'disconnect' })
  const back = header('c', { openedAt: T0 + 9_500 })
  say(9_500, 'c', { type: 'hello' }, back)
  say(9_600, 'c', agentEvent(facts()), back)
  tick(9_000 + SETTLE_MS)
  expect([story(), asked()]).toEqual([
    [
      ['a', 'not_needed', 'other_ccp'],
      ['b', 'failed', 'agent_present'],
    ],
    [],
  ])
})

test('the two hosts of an older instance are one: a CCP on either host belongs to the agent', () => {
  const legacy = header('b', { instance: 'acme.awsapps.com', url: 'https://acme.awsapps.com/connect/ccp' })
  open('a')
  say(0, 'b', { type: 'hello' }, legacy)
  say(10, 'b', agentEvent(facts()), legacy)
  leaves(1_000, 'a')
  goes(1_010, 'a')
  tick(1_010 + SETTLE_MS)
  expect([story(), asked()]).toEqual([[['close-a', 'not_needed', 'other_ccp']], []])
})
