/** Sequences that were once handled wrongly. */
import { dutiesOf } from '../../../../src/domain/closes/close'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { SETTLE_MS } from '../../../../src/domain/closes/agent-presence'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { Context } from '../../../../src/domain/closes/context'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { agentEvent, closing, facts, header, noAnswerTo, RULES, RUN, T0 } from '../build'

const A = header('doc-a')
let state: CloseState
let entries: LogEntry[]
let seq: number
let context: Context

const tell = (event: CcpEvent): void => {
  const next = reduceCloses(state, event, context)
  state = next.state
  entries.push(...next.finalized)
}
const say = (
  at: number,
  docEvent: Extract<CcpEvent, { type: 'document' }>['docEvent'],
  document = A,
  tabId = 1,
): void =>
  tell({
    type: 'document',
    at: T0 + at,
    seq: seq++,
    runId: RUN,
    header: document,
    place: { tabId, frameId: 0, ownCookies: true },
    docEvent,
  })
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
const noAnswer = (at: number): void => tell(noAnswerTo('doc-a', at))

beforeEach(() => {
  state = EMPTY_CLOSE_STATE
  entries = []
  seq = 0
  context = {
    extensionVersion: '1',
    mode: 'act',
    mayAsk: true,
    recoveryUse: 'ask',
    graceMs: 20_000,
    rulesOf: () => RULES,
  }
  say(0, { type: 'hello' })
  say(10, agentEvent(facts()))
  say(1_000, closing('c1'))
})

const requests = () => dutiesOf(state, 'late_requests').map(({ duty }) => duty)

test('a leaving page’s last agent event is not a return: its agent is flagged, and offered a recovery', () => {
  context = { ...context, mayAsk: false }
  say(1_050, agentEvent(facts('routable', { contacts: [{ channel: 'voice', state: 'ended' }] })))
  say(1_060, { type: 'gone' })
  tick(1_060 + SETTLE_MS)
  expect(flagsOf(state).map(({ closeId }) => closeId)).toEqual(['c1'])
  expect(state.closes['c1']?.recovery).toMatchObject({ status: 'offered' })
})

test('an Offline that was reverted before the entry is written is part of it', () => {
  const back = header('doc-b', { openedAt: T0 + 1_100 })
  say(1_010, { type: 'gone' })
  say(1_200, agentEvent(facts()), back, 2)
  say(1_600, { type: 'undone', closeId: 'c1', result: { ok: true } }, back, 2)
  tick(1_010 + SETTLE_MS)
  expect(entries.map(({ id }) => id)).toEqual(['c1'])
  expect(entries[0]?.timeline.map(({ event }) => event)).toContain('undone')
})

test('a flag that was dismissed while the instance is still being asked stays cleared', () => {
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  for (const at of [4_000, 6_000, 12_000]) noAnswer(at)
  expect(flagsOf(state)).toHaveLength(1)
  tell({ type: 'dismiss_flag', at: T0 + 13_000, closeId: 'c1' })
  noAnswer(30_000)
  tick(31_000)
  expect(flagsOf(state)).toEqual([])
})

describe('a close whose instance does not answer', () => {
  const asking = (at: number): void => tell({ type: 'asking', at: T0 + at, closeId: 'doc-a' })
  const found = (at: number, finding: Extract<CcpEvent, { type: 'checked' }>['finding']): void =>
    tell({ type: 'checked', at: T0 + at, closeId: 'doc-a', finding, jitter: 0.5, roundTripMs: 60 })
  beforeEach(() => {
    say(1_010, { type: 'gone' })
    tick(1_010 + SETTLE_MS)
  })

  test('is not flagged while it is asked about again: the answer may make the flag needless', () => {
    for (const at of [3_100, 4_100, 5_700, 7_300]) noAnswer(at)
    tick(8_900)
    asking(8_900)
    expect(flagsOf(state)).toEqual([])
    found(9_000, { kind: 'offline', by: 'set' })
    expect(flagsOf(state)).toEqual([])
    expect(entries).toMatchObject([{ outcome: 'confirmed' }])
  })

  test('is flagged with the failure that shows that it lasts', () => {
    for (const at of [3_100, 4_100, 5_700, 7_300]) noAnswer(at)
    asking(8_900)
    noAnswer(9_000)
    expect(flagsOf(state)).toHaveLength(1)
  })

  test('is flagged after five seconds of failures, however long a contact was waited for before', () => {
    const occupation = { kind: 'live', ended: [], isReady: false } as const
    found(4_100, { kind: 'contact', occupation })
    found(600_000, { kind: 'contact', occupation })
    for (const at of [601_000, 602_000, 603_600, 604_900]) noAnswer(at)
    expect(flagsOf(state)).toEqual([])
    noAnswer(606_500)
    expect(flagsOf(state)).toHaveLength(1)
  })
})

test('asking sends nothing that may arrive late; only setting a state does', () => {
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  for (const at of [4_000, 6_000, 12_000]) {
    tell({ type: 'asking', at: T0 + at, closeId: 'doc-a' })
    noAnswer(at + 100)
  }
  expect(requests()).toMatchObject([{ count: 1, lastAt: T0 + 1_000 }])
  tell({ type: 'setting_offline', at: T0 + 20_000, closeId: 'doc-a' })
  expect(requests()).toMatchObject([{ count: 2, lastAt: T0 + 50_000 }])
  noAnswer(21_000)
  expect(requests()).toMatchObject([{ count: 2, lastAt: T0 + 21_000 }])
})

test('an event that was long under way starts no check', () => {
  say(1_010, { type: 'gone' })
  say(90_000, { type: 'hello' }, header('doc-x', { openedAt: T0 + 90_000 }), 3)
  expect(state.closes['c1']?.check).toBeNull()
  tick(3_600_000)
  expect(state.closes['c1']?.check).toMatchObject({ startedAt: T0 + 3_600_000 })
})
