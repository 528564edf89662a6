import type { Would } from '../../../../src/domain/decide-close'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { mapCloses } from '../../../../src/domain/closes/close'
import { flagsOf } from '../../../../src/domain/closes/flags'
import { pendingCloses } from '../../../../src/domain/closes/closes'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import type { Context } from '../../../../src/domain/closes/context'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { Finding } from '../../../../src/domain/check'
import { agentEvent, closing, facts, header, RULES, RUN, state as stateOf, T0 } from '../build'

const OBSERVE: Context = {
  extensionVersion: '1.2.3',
  mode: 'observe',
  mayAsk: true,
  recoveryUse: 'open',
  graceMs: 20_000,
  rulesOf: () => ({ ...RULES, mode: 'observe' }),
}

let state: CloseState
let entries: LogEntry[]
let context: Context

beforeEach(() => {
  state = EMPTY_CLOSE_STATE
  entries = []
  context = OBSERVE
})

function tell(...events: CcpEvent[]): void {
  for (const event of events) {
    const next = reduceCloses(state, event, context)
    state = JSON.parse(JSON.stringify(next.state)) as CloseState
    entries.push(...next.finalized)
  }
}
const docEvent = (
  at: number,
  docId: string,
  what: Extract<CcpEvent, { type: 'document' }>['docEvent'],
  tabId = 1,
): CcpEvent => ({
  type: 'document',
  at: T0 + at,
  seq: at,
  runId: RUN,
  header: header(docId, {
    openedAt: T0 + (docId === 'a' ? 0 : at),
    navigationType: docId === 'a' ? 'navigate' : 'reload',
  }),
  place: { tabId, frameId: 0, ownCookies: true },
  docEvent: what,
})
const tick = (at: number): CcpEvent => ({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
const looks = () => pendingCloses(state).map((close) => close.check?.observes)

/** A CCP goes that would have done this. */
function leave(would: Would): void {
  tell(
    docEvent(0, 'a', { type: 'hello' }),
    docEvent(10, 'a', agentEvent(facts())),
    docEvent(1_000, 'a', closing('close-a', { did: { action: 'none', reason: 'mode_observe', would } })),
    docEvent(1_001, 'a', { type: 'gone' }),
  )
}
const found = (at: number, finding: Finding): CcpEvent => {
  return { type: 'checked', at: T0 + at, closeId: 'a', finding, jitter: 0.5, roundTripMs: 10 }
}

test('one look follows when the close has settled, whatever it finds', () => {
  leave('set_offline')
  tell(tick(2_000))
  expect(looks()).toEqual([undefined])
  tell(tick(3_100))
  expect(looks()).toEqual([true])
  tell(found(3_200, { kind: 'no_answer', error: 'x' }), tick(60_000))
  expect(entries).toMatchObject([{ reason: 'mode_observe', would: 'set_offline', exposure: { certainty: 'open' } }])
  expect(flagsOf(state)).toMatchObject([{ isObserved: true, target: stateOf('offline').name }])
})

test.each<[Finding, string | undefined, number]>([
  [{ kind: 'offline', by: 'asked' }, 'at_most', 0],
  [{ kind: 'ended', reason: 'state_changed' }, 'at_most', 0],
  [{ kind: 'ended', reason: 'observed' }, 'open', 1],
  [{ kind: 'contact', occupation: { kind: 'live', ended: [], isReady: true } }, 'open', 1],
  [{ kind: 'ended', reason: 'signed_out' }, 'open', 1],
  [{ kind: 'ended', reason: 'refused' }, 'open', 1],
  [{ kind: 'ended', reason: 'agent_present' }, undefined, 0],
])('a look that finds %p', (finding, certainty, flags) => {
  leave('set_offline')
  tell(tick(3_100), found(3_200, finding))
  expect(entries).toMatchObject([{ outcome: 'not_needed', reason: 'mode_observe', evidence: 'none' }])
  expect(entries[0]?.exposure?.certainty).toBe(certainty)
  expect(flagsOf(state)).toHaveLength(flags)
  expect(state.recovery).toBeNull()
})

test('a reload is awaited, and has no exposure if the page comes back', () => {
  leave('reload')
  tell(tick(10_000))
  expect(looks()).toEqual([undefined])
  tell(docEvent(11_000, 'b', { type: 'hello' }), docEvent(11_100, 'b', agentEvent(facts())), tick(12_000))
  expect(entries).toMatchObject([{ would: 'reload', exposure: null, cause: 'reloaded' }])
  expect(flagsOf(state)).toEqual([])
})

test('a reload that does not come back is looked at after the grace period', () => {
  leave('reload')
  tell(tick(20_000))
  expect(looks()).toEqual([undefined])
  tell(tick(21_100))
  expect(looks()).toEqual([true])
})

test('of several CCPs that close, the last one is looked at', () => {
  tell(docEvent(0, 'a', { type: 'hello' }), docEvent(10, 'a', agentEvent(facts())))
  tell(docEvent(20, 'b', { type: 'hello' }, 2), docEvent(30, 'b', agentEvent(facts()), 2))
  const did = (would: Would) => ({ did: { action: 'none', reason: 'mode_observe', would } }) as const
  tell(docEvent(1_000, 'a', closing('close-a', did('other_ccp'))), docEvent(1_001, 'a', { type: 'gone' }))
  tell(docEvent(1_100, 'b', closing('close-b', did('set_offline')), 2), docEvent(1_101, 'b', { type: 'gone' }, 2))
  tell(tick(5_000))
  expect(entries).toMatchObject([{ id: 'close-a', would: 'other_ccp', exposure: null }])
  expect(looks()).toEqual([true])
})

test('the last one is looked at even if it vanished without a close report', () => {
  tell(docEvent(0, 'a', { type: 'hello' }), docEvent(10, 'a', agentEvent(facts())))
  tell(docEvent(20, 'b', { type: 'hello' }, 2), docEvent(30, 'b', agentEvent(facts()), 2))
  const did = { action: 'none', reason: 'mode_observe', would: 'other_ccp' } as const
  tell(docEvent(1_000, 'a', closing('close-a', { did })), docEvent(1_001, 'a', { type: 'gone' }))
  const place = { tabId: 2, frameId: 0, ownCookies: true }
  tell({ type: 'lost', at: T0 + 1_100, docId: 'b', place, by: 'disconnect' }, tick(5_000))
  expect(entries).toMatchObject([{ id: 'close-a', would: 'other_ccp', exposure: null }])
  expect(looks()).toEqual([true])
})

test('a page that closed before its settings had arrived is looked at once, like any other', () => {
  tell(
    docEvent(0, 'a', { type: 'hello' }),
    docEvent(10, 'a', agentEvent(facts())),
    docEvent(1_000, 'a', closing('close-a', { did: { action: 'cannot', reason: 'not_configured' } })),
    docEvent(1_001, 'a', { type: 'gone' }),
    tick(3_100),
  )
  expect(looks()).toEqual([true])
  tell(found(3_200, { kind: 'ended', reason: 'observed' }))
  expect(entries).toMatchObject([{ outcome: 'not_needed', reason: 'mode_observe', would: 'set_offline' }])
  expect(flagsOf(state)).toMatchObject([{ closeId: 'close-a', isObserved: true }])
})

test('a page that stayed has no exposure and no flag', () => {
  tell(
    docEvent(0, 'a', { type: 'hello' }),
    docEvent(10, 'a', agentEvent(facts())),
    docEvent(1_000, 'a', closing('one', { did: { action: 'none', reason: 'mode_observe', would: 'set_offline' } })),
    docEvent(31_000, 'a', { type: 'stayed', closeId: 'one' }),
    tick(40_000),
  )
  expect(entries).toMatchObject([{ cause: 'stayed', exposure: null }])
  expect(flagsOf(state)).toEqual([])
})

test('if the background may not ask, there is no look, and the agent is flagged', () => {
  context = { ...OBSERVE, mayAsk: false }
  leave('set_offline')
  tell(tick(3_100))
  expect(entries).toMatchObject([{ would: 'set_offline', exposure: { certainty: 'open' } }])
  expect(flagsOf(state)).toMatchObject([{ isObserved: true }])
})

test('an observed flag is replaced by one that needs attention', () => {
  leave('set_offline')
  tell(tick(3_100), found(3_200, { kind: 'ended', reason: 'observed' }))
  context = { ...OBSERVE, mode: 'act', recoveryUse: 'never', mayAsk: false, rulesOf: () => RULES }
  expect(flagsOf(state)).toHaveLength(1)
  state = mapCloses(state, (close) => ({
    ...close,
    duties: close.duties.map((duty) => (duty.kind === 'flag' ? { ...duty, since: T0 + 90_000 } : duty)),
  }))
  tell(docEvent(80_000, 'c', { type: 'hello' }), docEvent(80_010, 'c', agentEvent(facts())))
  expect(flagsOf(state)).toHaveLength(1)
  tell(docEvent(81_000, 'c', closing('close-c')), docEvent(81_001, 'c', { type: 'gone' }), tick(84_000))
  expect(flagsOf(state)).toMatchObject([{ closeId: 'close-c', isObserved: false }])
})
