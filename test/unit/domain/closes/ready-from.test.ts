/** Since when the agent of a close may have been Available. */
import { readyFrom } from '../../../../src/domain/closes/ready-from'
import type { AgentState } from '../../../../src/domain/agent'
import type { PendingClose } from '../../../../src/domain/closes/closes'
import { facts, state, T0 } from '../build'
import { closeOf, GONE, goneCcp, REPORTED, reported } from './made'

/** One choice of Available, an hour before the close: it survives every contact. */
const availability = { name: 'Available', since: T0 - 3_600_000 }
const AVAILABLE: AgentState = { ...state('routable'), startTimestamp: availability.since + 300, availability }
const ON_CALL: AgentState = { ...state('system'), name: 'CallingCustomer', startTimestamp: T0 - 60_000, availability }
const BACK = GONE + 7_200_000

/** A close in a state, whose agent was seen again in another. */
const closedIn = (before: AgentState, seen: AgentState): PendingClose =>
  closeOf(
    [goneCcp('doc-a', { agent: facts('routable', { state: before }), closing: reported({ stateBefore: before }) })],
    {
      returned: { at: BACK, state: seen },
    },
  )

test('an agent who closed in Available may have been Available from the close on', () => {
  expect(readyFrom(closedIn(AVAILABLE, AVAILABLE))).toBe(REPORTED)
})

test('an agent who is seen on the call during which they closed was never Available', () => {
  expect(readyFrom(closedIn(ON_CALL, { ...ON_CALL, startTimestamp: T0 - 59_400 }))).toBeNull()
})

test.each<[string, AgentState]>([
  ['Available, by the same choice', AVAILABLE],
  ['on another call', { ...ON_CALL, startTimestamp: T0 + 600_000 }],
])('an agent who closed on a call, and is seen %s, may have been Available from the close on', (_what, seen) => {
  expect(readyFrom(closedIn(ON_CALL, seen))).toBe(REPORTED)
})
