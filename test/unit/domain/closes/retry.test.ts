import { flagsOf } from '../../../../src/domain/closes/flags'
import { nextAlarm } from '../../../../src/domain/closes/due'
import { retryOf } from '../../../../src/domain/closes/retry'
import { reduceCloses } from '../../../../src/domain/closes/reduce'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { agentEvent, closing, facts, header, noAnswerTo, RULES, RUN, T0 } from '../build'

const CONTEXT = {
  extensionVersion: '1.2.3',
  mode: 'act',
  mayAsk: true,
  recovery: 'ask',
  graceMs: 20_000,
  rules: () => RULES,
} as const

/** A close whose verification has failed so often that its agent is flagged. */
function flagged(): CloseState {
  const told = {
    type: 'document',
    runId: RUN,
    header: header('doc-a'),
    place: { tabId: 1, frameId: 0, ownCookies: true },
  } as const
  const tick = (at: number): CcpEvent => ({ type: 'tick', at: T0 + at, tabs: {}, holding: [] })
  const events: CcpEvent[] = [
    { ...told, at: T0, seq: 1, docEvent: agentEvent(facts()) },
    { ...told, at: T0 + 1_000, seq: 2, docEvent: closing('c1') },
    { type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false },
    ...[4_000, 8_000, 16_000, 40_000].flatMap((at) => [tick(at), noAnswerTo('doc-a', at + 100)]),
    tick(41_000),
  ]
  return events.reduce((state, event) => reduceCloses(state, event, CONTEXT).state, EMPTY_CLOSE_STATE)
}
const tell = (state: CloseState, event: CcpEvent) => reduceCloses(state, event, CONTEXT).state
const wanted = (at: number, closeId = 'c1'): CcpEvent => ({ type: 'retry_wanted', at: T0 + at, closeId })

test('a retry asks the instance at once', () => {
  const state = flagged()
  expect(flagsOf(state)).toMatchObject([{ closeId: 'c1' }])
  expect(retryOf(state, 'c1')).toBe('waiting')
  expect(nextAlarm(state, T0 + 41_200)).toBeGreaterThan(T0 + 41_200)
  expect(nextAlarm(tell(state, wanted(41_200)), T0 + 41_200)).toBe(T0 + 41_200)
})

test('a retry changes nothing while the instance is being asked', () => {
  const asking = tell(flagged(), { type: 'asking', at: T0 + 42_000, closeId: 'doc-a' })
  expect(retryOf(asking, 'c1')).toBe('asking')
  expect(tell(asking, wanted(42_500)).documents).toEqual(asking.documents)
})

test('a retry of an unknown or finished close asks nothing', () => {
  const state = flagged()
  expect(retryOf(state, 'another')).toBeNull()
  expect(tell(state, wanted(42_000, 'another')).documents).toEqual(state.documents)
})
