import { nextDeadline } from '../../../../src/domain/sessions/deadlines'
import { retryOf } from '../../../../src/domain/sessions/retry'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { SessionEvent } from '../../../../src/domain/sessions/events'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import { agentNews, closing, facts, header, noAnswerTo, RULES, RUN, T0 } from '../build'

const CONTEXT = {
  extensionVersion: '1.2.3',
  mode: 'act',
  mayAsk: true,
  recovery: 'ask',
  graceMs: 20_000,
  rules: () => RULES,
} as const

/** A close that was asked about so often in vain that its agent is flagged. */
function flagged(): SessionsState {
  const told = {
    type: 'news',
    runId: RUN,
    header: header('doc-a'),
    place: { tabId: 1, frameId: 0, ownCookies: true },
  } as const
  const tick = (at: number): SessionEvent => ({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
  const events: SessionEvent[] = [
    { ...told, at: T0, seq: 1, news: agentNews(facts()) },
    { ...told, at: T0 + 1_000, seq: 2, news: closing('c1') },
    { type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false },
    ...[4_000, 8_000, 16_000, 40_000].flatMap((at) => [tick(at), noAnswerTo('doc-a', at + 100)]),
    tick(41_000),
  ]
  return events.reduce((state, event) => reduceSessions(state, event, CONTEXT).state, EMPTY_SESSIONS)
}
const tell = (state: SessionsState, event: SessionEvent) => reduceSessions(state, event, CONTEXT).state
const wanted = (at: number, closeId = 'c1'): SessionEvent => ({ type: 'retry_wanted', at: T0 + at, closeId })

test('the instance is asked at once', () => {
  const state = flagged()
  expect(state.flags).toMatchObject([{ closeId: 'c1' }])
  expect(retryOf(state, 'c1')).toBe('waiting')
  expect(nextDeadline(state, T0 + 42_000)).toBeGreaterThan(T0 + 42_000)
  expect(nextDeadline(tell(state, wanted(42_000)), T0 + 42_000)).toBe(T0 + 42_000)
})

test('while it is being asked nothing changes', () => {
  const asking = tell(flagged(), { type: 'asking', at: T0 + 42_000, docId: 'doc-a' })
  expect(retryOf(asking, 'c1')).toBe('asking')
  expect(tell(asking, wanted(42_500)).documents).toEqual(asking.documents)
})

test('of what is over, or of no close, nothing is asked', () => {
  const state = flagged()
  expect(retryOf(state, 'another')).toBeNull()
  expect(tell(state, wanted(42_000, 'another')).documents).toEqual(state.documents)
})
