/** A machine that sleeps, or whose clock is set: nothing is given up early, and nothing waits for the old time. */
import { dutiesOf } from '../../../../src/domain/closes/close'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import { nextAlarm } from '../../../../src/domain/closes/due'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import { LATE_REQUEST_MS } from '../../../../src/domain/closes/guarded-close'
import { guardedClosesOf } from '../../../../src/domain/closes/late-requests'
import type { Amendment, LogEntry } from '../../../../src/domain/log-entry'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { agentEvent, closing, facts, header, noAnswerTo, RULES, RUN, succeeded, T0 } from '../build'

const HOUR = 3_600_000
const A = header('doc-a')
const PLACE = { tabId: 1, frameId: 0, ownCookies: true }

let state: CloseState
let entries: LogEntry[]
let amendments: Amendment[]
let seq: number
const tell = (event: CcpEvent): void => {
  const next = reduceCloses(state, event, {
    extensionVersion: '1',
    mode: 'act',
    mayAsk: true,
    recoveryUse: 'never',
    graceMs: 20_000,
    rulesOf: () => RULES,
  })
  state = JSON.parse(JSON.stringify(next.state)) as CloseState
  entries.push(...next.finalized)
  amendments.push(...next.amendments)
}
const say = (at: number, docEvent: Extract<CcpEvent, { type: 'document' }>['docEvent'], doc = A, place = PLACE): void =>
  tell({ type: 'document', at: T0 + at, seq: seq++, runId: RUN, header: doc, place, docEvent })
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
const check = () => {
  const [close] = pendingCloses(state)
  return close === undefined ? null : close.check
}
const noAnswer = (at: number): void => tell(noAnswerTo('doc-a', at))

beforeEach(() => {
  state = EMPTY_CLOSE_STATE
  entries = []
  amendments = []
  seq = 0
  say(0, { type: 'hello' })
  say(10, agentEvent(facts('routable')))
})

test('events of an agent are applied in their own order when the clock is set back', () => {
  say(-HOUR, agentEvent(facts('not_routable')))
  expect(state.documents['doc-a']?.agent?.state.type).toBe('not_routable')
})

test('overtaken events stay ignored when the clock is set forward', () => {
  say(20, agentEvent(facts('not_routable')))
  seq = 1
  say(HOUR, agentEvent(facts('offline')))
  expect(state.documents['doc-a']?.agent?.state.type).toBe('not_routable')
})

test('a close does not wait for a time before the clock was set back', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(-HOUR)
  expect(check()).not.toBeNull()
})

test('the check of a close does not wait for it either', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  for (let left = 10; left > 0; left -= 1) noAnswer(4_000)
  expect(nextAlarm(state, T0 + 4_000)).toBeGreaterThan(T0 + 4_000)
  expect(nextAlarm(state, T0 - HOUR)).toBeLessThanOrEqual(T0 - HOUR)
})

test('hours of sleep do not count as hours of failed attempts', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  noAnswer(4_000)
  noAnswer(9 * HOUR)
  expect(check()).toMatchObject({ attempts: 2, end: null })
})

test('a new worker immediately repeats the question that the previous one was asking', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  tell({ type: 'asking', at: T0 + 4_000, closeId: 'doc-a' })
  expect(check()?.nextAt).toBe(T0 + 4_000 + 45_000)
  tell({ type: 'worker_started', at: T0 + 5_000, runId: RUN })
  expect(check()?.nextAt).toBe(T0 + 5_000)
})

describe('an agent workspace whose clock was set back while it was open', () => {
  const FRAME = header('doc-frame', { framed: true, openedAt: T0 + 5 })
  const INSIDE = { ...PLACE, frameId: 3 }
  beforeEach(() => {
    say(5, { type: 'hello' }, FRAME, INSIDE)
    say(15, agentEvent(facts()), FRAME, INSIDE)
  })

  test('has one close for its documents', () => {
    say(-HOUR, closing('c1'))
    say(-HOUR + 1, closing('c2'), FRAME, INSIDE)
    say(-HOUR + 20, succeeded('c1'))
    say(-HOUR + 22, agentEvent(facts('offline')))
    say(-HOUR + 25, succeeded('c2'), FRAME, INSIDE)
    say(-HOUR + 30, { type: 'gone' })
    say(-HOUR + 31, { type: 'gone' }, FRAME, INSIDE)
    tick(-HOUR + 31 + SETTLE_MS)
    const finding = { kind: 'offline', by: 'asked' } as const
    tell({ type: 'checked', at: T0 - HOUR + 3_000, closeId: 'c1', finding, jitter: 0.5, roundTripMs: 40 })
    expect(entries).toMatchObject([{ id: 'c1', at: T0 - HOUR, outcome: 'confirmed' }])
    expect(state.documents).toEqual({})
  })

  test('has one close too if one document has gone before the other reports anything', () => {
    say(-HOUR, closing('c1', { hint: 'navigation' }))
    say(-HOUR + 20, succeeded('c1'))
    say(-HOUR + 22, agentEvent(facts('offline')))
    say(-HOUR + 30, { type: 'gone' })
    say(-HOUR + 31, { type: 'hello' }, header('doc-next', { openedAt: T0 - HOUR + 31, navigationType: 'reload' }))
    expect(entries).toEqual([])
    say(-HOUR + 40, closing('c2'), FRAME, INSIDE)
    say(-HOUR + 41, { type: 'gone' }, FRAME, INSIDE)
    tick(-HOUR + 41 + SETTLE_MS)
    say(
      -HOUR + 2_100,
      agentEvent(facts('offline')),
      header('doc-next', { openedAt: T0 - HOUR + 31, navigationType: 'reload' }),
    )
    expect(entries).toMatchObject([{ id: 'c1', outcome: 'accepted', evidence: 'snapshot', cause: 'reloaded' }])
  })

  test('has a separate close from the page that follows in its tab', () => {
    const next = header('doc-next', { openedAt: T0 - HOUR + 500 })
    say(-HOUR, closing('c1', { did: { action: 'left', reason: 'reload' } }))
    say(-HOUR + 1, closing('c2', { did: { action: 'left', reason: 'reload' } }), FRAME, INSIDE)
    tell({ type: 'lost', at: T0 - HOUR + 30, docId: A.docId, place: PLACE, by: 'disconnect' })
    tell({ type: 'lost', at: T0 - HOUR + 30, docId: FRAME.docId, place: INSIDE, by: 'disconnect' })
    say(-HOUR + 500, { type: 'hello' }, next)
    say(-HOUR + 600, agentEvent(facts()), next)
    say(-HOUR + 700, closing('c3'), next)
    expect(pendingCloses(state).map(({ documents }) => documents.map(({ docId }) => docId))).toEqual([
      ['doc-a', 'doc-frame'],
      ['doc-next'],
    ])
  })
})

/** A close that could not be handled: the agent is signed out, and flagged. */
function leaveFlagged(): void {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  const finding = { kind: 'ended', reason: 'signed_out' } as const
  tell({ type: 'checked', at: T0 + 4_000, closeId: 'doc-a', finding, jitter: 0.5, roundTripMs: 40 })
  expect(flagsOf(state)).toMatchObject([{ closeId: 'c1' }])
}

describe('an agent who returns after the clock was set back', () => {
  const B = header('doc-b', { openedAt: T0 - HOUR })
  const ELSEWHERE = { ...PLACE, tabId: 2 }
  beforeEach(() => {
    leaveFlagged()
    say(-HOUR + 5, { type: 'hello' }, B, ELSEWHERE)
  })

  test('is no longer flagged, and the length of the exposure stays unknown', () => {
    say(-HOUR + 900, agentEvent(facts()), B, ELSEWHERE)
    expect(flagsOf(state)).toEqual([])
    expect(dutiesOf(state, 'exposure')).toEqual([])
    expect(amendments).toEqual([
      {
        id: 'c1',
        exposure: { from: T0 + 1_000, until: null, certainty: 'open' },
        step: { at: T0 - HOUR + 900, event: 'agent_returned', detail: facts().state.name },
      },
    ])
  })

  test('has their close guarded for half a minute', () => {
    expect(guardedClosesOf(state, B, T0 - HOUR + 10)).toEqual([
      { closeId: 'c1', username: 'ada', count: 1, until: T0 - HOUR + 5 + LATE_REQUEST_MS },
    ])
    tick(-HOUR + 5 + LATE_REQUEST_MS)
    expect(dutiesOf(state, 'late_requests')).toEqual([])
  })

  test('has it not guarded in a page that was open before the close', () => {
    expect(guardedClosesOf(state, { ...B, openedAt: T0 }, T0 - HOUR + 10)).toEqual([])
  })
})

test('an agent who returns before the entry of their close is not flagged, and their exposure ends on sight', () => {
  const next = header('doc-b', { openedAt: T0 - HOUR })
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  noAnswer(4_000)
  say(-HOUR + 5, { type: 'hello' }, next, { ...PLACE, tabId: 2 })
  say(-HOUR + 900, agentEvent(facts()), next, { ...PLACE, tabId: 2 })
  tick(-HOUR + 1_000)
  expect(entries).toMatchObject([{ id: 'c1', reason: 'agent_present' }])
  expect(flagsOf(state)).toEqual([])
  say(-HOUR + 9_000, agentEvent(facts()), next, { ...PLACE, tabId: 2 })
  expect(amendments).toMatchObject([{ id: 'c1', step: { event: 'agent_returned' } }])
  expect(dutiesOf(state, 'exposure')).toEqual([])
})

test('a late event is not a return: a living page’s events are never under way that long', () => {
  leaveFlagged()
  say(-60_000, agentEvent(facts()), header('doc-b', { openedAt: T0 - 60_000 }), { ...PLACE, tabId: 2 })
  expect(flagsOf(state)).toMatchObject([{ closeId: 'c1' }])
})

test('a CCP that was open before the clock was set back counts as open during a later sleep', () => {
  tell({ type: 'slept', at: T0 - HOUR + 600_000, since: T0 - HOUR })
  expect(state.away.slept).toMatchObject({ since: T0 - HOUR })
})
