import type { Would } from '../../../../src/domain/decide-close'
import type { LogEntry } from '../../../../src/domain/log-entry'
import { pendingCloses, verificationOf } from '../../../../src/domain/sessions/closes'
import type { SessionEvent } from '../../../../src/domain/sessions/events'
import type { Context } from '../../../../src/domain/sessions/question'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import type { Finding } from '../../../../src/domain/verification'
import { agentNews, closing, facts, header, RULES, RUN, state as stateOf, T0 } from '../build'

const OBSERVE: Context = {
  extensionVersion: '1.2.3',
  mode: 'observe',
  mayAsk: true,
  recovery: 'open',
  graceMs: 20_000,
  rules: () => ({ ...RULES, mode: 'observe' }),
}

let state: SessionsState
let entries: LogEntry[]
let context: Context

beforeEach(() => {
  state = EMPTY_SESSIONS
  entries = []
  context = OBSERVE
})

function tell(...events: SessionEvent[]): void {
  for (const event of events) {
    const next = reduceSessions(state, event, context)
    state = JSON.parse(JSON.stringify(next.state)) as SessionsState
    entries.push(...next.concluded)
  }
}
const news = (
  at: number,
  docId: string,
  what: Extract<SessionEvent, { type: 'news' }>['news'],
  tabId = 1,
): SessionEvent => ({
  type: 'news',
  at: T0 + at,
  seq: at,
  runId: RUN,
  header: header(docId, {
    openedAt: T0 + (docId === 'a' ? 0 : at),
    navigationType: docId === 'a' ? 'navigate' : 'reload',
  }),
  place: { tabId, frameId: 0, ownCookies: true },
  news: what,
})
const tick = (at: number): SessionEvent => ({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
const looks = () => pendingCloses(state).map((close) => verificationOf(close)?.observes)

/** A CCP goes, and would have done that. */
function leave(would: Would): void {
  tell(
    news(0, 'a', { type: 'hello' }),
    news(10, 'a', agentNews(facts())),
    news(1_000, 'a', closing('close-a', { did: { action: 'none', reason: 'mode_observe', would } })),
    news(1_001, 'a', { type: 'gone' }),
  )
}
const found = (at: number, finding: Finding): SessionEvent => {
  return { type: 'verified', at: T0 + at, docId: 'a', finding, jitter: 0.5, roundTripMs: 10 }
}

test('the look comes when the close has settled, and there is one, whatever it finds', () => {
  leave('set_offline')
  tell(tick(2_000))
  expect(looks()).toEqual([undefined])
  tell(tick(3_100))
  expect(looks()).toEqual([true])
  tell(found(3_200, { kind: 'no_answer', error: 'x' }), tick(60_000))
  expect(entries).toMatchObject([{ reason: 'mode_observe', would: 'set_offline', exposure: { certainty: 'open' } }])
  expect(state.flags).toMatchObject([{ isObserved: true, target: stateOf('offline').name }])
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
  expect(state.flags).toHaveLength(flags)
  expect(state.recovery).toBeNull()
})

test('a reload is waited for, and one that comes back is no exposure', () => {
  leave('reload')
  tell(tick(10_000))
  expect(looks()).toEqual([undefined])
  tell(news(11_000, 'b', { type: 'hello' }), news(11_100, 'b', agentNews(facts())), tick(12_000))
  expect(entries).toMatchObject([{ would: 'reload', exposure: null, cause: 'reloaded' }])
  expect(state.flags).toEqual([])
})

test('one that does not come back is looked at after the time for it', () => {
  leave('reload')
  tell(tick(20_000))
  expect(looks()).toEqual([undefined])
  tell(tick(21_100))
  expect(looks()).toEqual([true])
})

test('of several CCPs that go, the last is looked at', () => {
  tell(news(0, 'a', { type: 'hello' }), news(10, 'a', agentNews(facts())))
  tell(news(20, 'b', { type: 'hello' }, 2), news(30, 'b', agentNews(facts()), 2))
  const did = (would: Would) => ({ did: { action: 'none', reason: 'mode_observe', would } }) as const
  tell(news(1_000, 'a', closing('close-a', did('other_ccp'))), news(1_001, 'a', { type: 'gone' }))
  tell(news(1_100, 'b', closing('close-b', did('set_offline')), 2), news(1_101, 'b', { type: 'gone' }, 2))
  tell(tick(5_000))
  expect(entries).toMatchObject([{ id: 'close-a', would: 'other_ccp', exposure: null }])
  expect(looks()).toEqual([true])
})

test('also where the last vanished without a word', () => {
  tell(news(0, 'a', { type: 'hello' }), news(10, 'a', agentNews(facts())))
  tell(news(20, 'b', { type: 'hello' }, 2), news(30, 'b', agentNews(facts()), 2))
  const did = { action: 'none', reason: 'mode_observe', would: 'other_ccp' } as const
  tell(news(1_000, 'a', closing('close-a', { did })), news(1_001, 'a', { type: 'gone' }))
  const place = { tabId: 2, frameId: 0, ownCookies: true }
  tell({ type: 'lost', at: T0 + 1_100, docId: 'b', place, by: 'disconnect' }, tick(5_000))
  expect(entries).toMatchObject([{ id: 'close-a', would: 'other_ccp', exposure: null }])
  expect(looks()).toEqual([true])
})

test('a page that closed before its settings had come is looked at once, as one that had them', () => {
  tell(
    news(0, 'a', { type: 'hello' }),
    news(10, 'a', agentNews(facts())),
    news(1_000, 'a', closing('close-a', { did: { action: 'cannot', reason: 'not_configured' } })),
    news(1_001, 'a', { type: 'gone' }),
    tick(3_100),
  )
  expect(looks()).toEqual([true])
  tell(found(3_200, { kind: 'ended', reason: 'observed' }))
  expect(entries).toMatchObject([{ outcome: 'not_needed', reason: 'mode_observe', would: 'set_offline' }])
  expect(state.flags).toMatchObject([{ closeId: 'close-a', isObserved: true }])
})

test('a page that stayed was left by nobody', () => {
  tell(
    news(0, 'a', { type: 'hello' }),
    news(10, 'a', agentNews(facts())),
    news(1_000, 'a', closing('one', { did: { action: 'none', reason: 'mode_observe', would: 'set_offline' } })),
    news(31_000, 'a', { type: 'stayed', closeId: 'one' }),
    tick(40_000),
  )
  expect(entries).toMatchObject([{ cause: 'stayed', exposure: null }])
  expect(state.flags).toEqual([])
})

test('where the background may not ask, nothing is asked, and the agent is listed', () => {
  context = { ...OBSERVE, mayAsk: false }
  leave('set_offline')
  tell(tick(3_100))
  expect(entries).toMatchObject([{ would: 'set_offline', exposure: { certainty: 'open' } }])
  expect(state.flags).toMatchObject([{ isObserved: true }])
})

test('an observed flag makes way for one that somebody must look at', () => {
  leave('set_offline')
  tell(tick(3_100), found(3_200, { kind: 'ended', reason: 'observed' }))
  context = { ...OBSERVE, mode: 'act', recovery: 'never', mayAsk: false, rules: () => RULES }
  const [flag] = state.flags
  if (flag === undefined) throw new Error('No flag')
  state = { ...state, flags: [{ ...flag, since: T0 + 90_000 }] }
  tell(news(80_000, 'c', { type: 'hello' }), news(80_010, 'c', agentNews(facts())))
  expect(state.flags).toHaveLength(1)
  tell(news(81_000, 'c', closing('close-c')), news(81_001, 'c', { type: 'gone' }), tick(84_000))
  expect(state.flags).toMatchObject([{ closeId: 'close-c', isObserved: false }])
})
