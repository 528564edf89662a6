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
  recoveryUse: 'ask',
  graceMs: 20_000,
  rulesOf: () => RULES,
} as const

/** A close whose check got no answer when it looked at these times, in ms after T0. */
function asked(looks: readonly number[]): CloseState {
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
    ...looks.flatMap((at) => [tick(at), noAnswerTo('doc-a', at + 100)]),
    tick((looks.at(-1) ?? 0) + 1_000),
  ]
  return events.reduce((state, event) => reduceCloses(state, event, CONTEXT).state, EMPTY_CLOSE_STATE)
}
/** One that was checked in vain for so long that its agent is flagged. */
const flagged = (): CloseState => asked([4_000, 8_000, 16_000, 40_000])
const tell = (state: CloseState, event: CcpEvent) => reduceCloses(state, event, CONTEXT).state
const wanted = (at: number, closeId = 'c1'): CcpEvent => ({ type: 'retry_wanted', at: T0 + at, closeId })

test('a close is flagged after three failed looks, and not within the first 5 s of its check', () => {
  expect(flagsOf(asked([4_000, 7_000]))).toEqual([])
  expect(flagsOf(asked([4_000, 5_500, 7_100]))).toEqual([])
  expect(flagsOf(asked([4_000, 5_500, 7_100, 8_700]))).toMatchObject([{ closeId: 'c1' }])
  expect(flagsOf(asked([4_000, 7_000, 13_000]))).toMatchObject([{ closeId: 'c1' }])
})

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
