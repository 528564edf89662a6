/** A machine that sleeps, or whose clock is set: nothing is given up early, and nothing waits for the old time. */
import { pendingCloses, SETTLE_MS, verificationOf } from '../../../../src/domain/sessions/closes'
import { nextDeadline } from '../../../../src/domain/sessions/deadlines'
import type { SessionEvent } from '../../../../src/domain/sessions/events'
import { reduceSessions } from '../../../../src/domain/sessions/reduce'
import type { SessionsState } from '../../../../src/domain/sessions/state'
import { EMPTY_SESSIONS } from '../../../../src/domain/sessions/state'
import { agentNews, closing, facts, header, noAnswerTo, RULES, RUN, T0 } from '../build'

const HOUR = 3_600_000
const A = header('doc-a')
const PLACE = { tabId: 1, frameId: 0, ownCookies: true }

let state: SessionsState
let seq: number
const tell = (event: SessionEvent): void => {
  state = reduceSessions(state, event, {
    extensionVersion: '1',
    mode: 'act',
    mayAsk: true,
    recovery: 'never',
    graceMs: 20_000,
    rules: () => RULES,
  }).state
}
const say = (at: number, news: Extract<SessionEvent, { type: 'news' }>['news']): void =>
  tell({ type: 'news', at: T0 + at, seq: seq++, runId: RUN, header: A, place: PLACE, news })
const tick = (at: number): void => tell({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
const verification = () => {
  const [close] = pendingCloses(state)
  return close === undefined ? null : verificationOf(close)
}
const noAnswer = (at: number): void => tell(noAnswerTo('doc-a', at))

beforeEach(() => {
  state = EMPTY_SESSIONS
  seq = 0
  say(0, { type: 'hello' })
  say(10, agentNews(facts('routable')))
})

test('an agent’s news are taken in their own order when the clock is set back', () => {
  say(-HOUR, agentNews(facts('not_routable')))
  expect(state.documents['doc-a']?.agent?.state.type).toBe('not_routable')
})

test('news that were overtaken stay so when the clock is set forward', () => {
  say(20, agentNews(facts('not_routable')))
  seq = 1
  say(HOUR, agentNews(facts('offline')))
  expect(state.documents['doc-a']?.agent?.state.type).toBe('not_routable')
})

test('a close does not wait for a time that was before the clock was set back', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(-HOUR)
  expect(verification()).not.toBeNull()
})

test('nor does what is asked about it', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  for (let left = 10; left > 0; left -= 1) noAnswer(4_000)
  expect(nextDeadline(state, T0 + 4_000)).toBeGreaterThan(T0 + 4_000)
  expect(nextDeadline(state, T0 - HOUR)).toBeLessThanOrEqual(T0 - HOUR)
})

test('a machine that slept for hours has not tried for hours', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  noAnswer(4_000)
  noAnswer(9 * HOUR)
  expect(verification()).toMatchObject({ attempts: 2, end: null })
})

test('a worker that starts asks at once what the one before it was asking', () => {
  say(1_000, closing('c1'))
  say(1_010, { type: 'gone' })
  tick(1_010 + SETTLE_MS)
  tell({ type: 'asking', at: T0 + 4_000, docId: 'doc-a' })
  expect(verification()?.nextAt).toBe(T0 + 4_000 + 45_000)
  tell({ type: 'worker_started', at: T0 + 5_000 })
  expect(verification()?.nextAt).toBe(T0 + 5_000)
})
