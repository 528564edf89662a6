/**
 * The one notion of a state period: an uninterrupted stay of an agent in a state that they have chosen. Two looks at an
 * agent (a snapshot, a page's last facts, a stored close) are compared here and nowhere else.
 *
 * The service identifies a period in two ways:
 *
 * - `agentAvailabilityState` has the name of the chosen state and the time at which it was chosen. That time does not move. It
 *   survives contacts: whether the agent has taken one in between is what `hasTakenContact` says.
 * - `state.startTimestamp` moves: the service answers its own clock minus the whole seconds in the state. So it is up to a
 *   second later than the true start, by a fraction that differs from snapshot to snapshot (recorded in eleven snapshots of
 *   2022, 2023 and 2025). The start of a chosen state is that of the choice, also after contacts (recorded in 2022: calls came
 *   between two looks at Available).
 *
 * All times are the service's. They are never compared with this machine's clock.
 */
import type { AgentFacts, AgentState, ContactFacts } from './agent'
import { isOfContact, isSameState, wasConnected } from './agent'
import { without } from './without'

/** How two looks at an agent compare; `unknown` where they do not decide it. */
export type PeriodMatch = 'same' | 'other' | 'unknown'

/** The service counts whole seconds: a reported start is later than the true one by less than this, in ms. */
export const COUNTING_MS = 1_000

/** Times that are written in seconds with fractions come back with an error of this size at most, in ms. */
export const ROUNDING_MS = 5

/**
 * How two looks at one agent compare.
 * @returns `same` also where a contact has covered the chosen state in one of them, as far as the availability shows.
 */
export function comparePeriods(a: AgentState, b: AgentState): PeriodMatch {
  const [chosenA, chosenB] = [a.availability, b.availability]
  if (chosenA && chosenB) {
    if (chosenA.name !== chosenB.name) return 'other'
    if (chosenA.since !== null && chosenB.since !== null) {
      return Math.abs(chosenA.since - chosenB.since) <= ROUNDING_MS ? 'same' : 'other'
    }
  }
  if (!isSameState(a, b)) return 'other'
  if (a.startTimestamp === null || b.startTimestamp === null) return 'unknown'
  return Math.abs(a.startTimestamp - b.startTimestamp) < COUNTING_MS + ROUNDING_MS ? 'same' : 'other'
}

/** Whether both are certainly one period. */
export function isSamePeriod(a: AgentState, b: AgentState): boolean {
  return comparePeriods(a, b) === 'same'
}

/**
 * Whether both show one stay in one state. The availability alone does not tell, since it survives contacts; nor does, in a
 * contact's state, a start that is the choice's, as a queued callback's `Pending` has it (recorded in 2022). Contacts that the agent
 * has taken elsewhere, in between, leave no trace in a chosen state.
 */
export function isUninterrupted(a: AgentState, b: AgentState): boolean {
  const isSame = isSamePeriod(a, b) && isSamePeriod(without(a, 'availability'), without(b, 'availability'))
  return isSame && !(isOfContact(a) && isStartOfChoice(a))
}

function isStartOfChoice({ startTimestamp, availability }: AgentState): boolean {
  if (startTimestamp === null || availability?.since == null) return false
  return startTimestamp - availability.since < COUNTING_MS + ROUNDING_MS
}

/**
 * Whether the later look may show the period that the earlier one was about, or was about to become: where the earlier one did
 * not know its start yet (a status that is being restored), the state alone decides. A later look without a start proves nothing.
 */
export function mayBeSamePeriod(earlier: AgentState, later: AgentState): boolean {
  const match = comparePeriods(earlier, later)
  return match === 'same' || (match === 'unknown' && earlier.startTimestamp === null)
}

/**
 * Whether the agent has taken a contact between two looks: one is connected in the later look, or was until it ended, that was not
 * in the earlier one. Somebody is there then, though the period is the same; a missed contact means nothing of the kind, nor does a
 * call that was being dialled in the earlier look, and was answered at its other end since.
 */
export function hasTakenContact(
  { state, contacts }: Pick<AgentFacts, 'state' | 'contacts'>,
  later: readonly ContactFacts[],
): boolean {
  const before = contacts.filter((contact) => wasConnected(contact) || isDialled(contact, state))
  return later.filter(wasConnected).some(({ id }) => {
    // Without an id, a contact that was connected before may be any that is now.
    return id === undefined ? before.length === 0 : before.every((known) => known.id !== undefined && known.id !== id)
  })
}

/**
 * Whether the other end of a call is being called, which needs the agent no more: they have dialled it, or have taken a callback.
 * Connect's name for the agent's state alone shows it: a call that rings at the agent is `connecting` as well (both recorded in 2022).
 */
function isDialled({ channel, state: contactState }: ContactFacts, state: AgentState): boolean {
  const isCall = channel === 'voice' || channel === 'queue_callback'
  return isCall && contactState === 'connecting' && state.type === 'system' && state.name === 'CallingCustomer'
}

/** Between which times of the service's clock something happened, in ms since the epoch. */
export interface TimeBounds {
  readonly earliest: number
  readonly latest: number
}

/**
 * Between which times the agent chose the state that they are in, or will be in when their contacts have ended; null where that
 * is not known. The availability is exact; a contact's state covers an older choice.
 */
export function choiceBounds(state: AgentState): TimeBounds | null {
  const { startTimestamp, notBefore, availability } = state
  if (availability?.since != null) {
    return { earliest: availability.since - ROUNDING_MS, latest: availability.since + ROUNDING_MS }
  }
  if (startTimestamp === null) return notBefore === undefined ? null : { earliest: notBefore, latest: Infinity }
  const earliest = isOfContact(state) ? -Infinity : startTimestamp - COUNTING_MS - ROUNDING_MS
  return { earliest, latest: startTimestamp + ROUNDING_MS }
}

/**
 * Whether one state was chosen after another, by the service's clock: `before` only where that is certain. Two choices within one
 * second, which the service does not resolve, count as `after`, since a look shows them in that order; but for a state that is known by
 * `notBefore` alone.
 */
export function beganAfter(state: AgentState, other: AgentState): 'after' | 'before' | 'unknown' {
  const [own, others] = [choiceBounds(state), choiceBounds(other)]
  if (own === null || others === null) return 'unknown'
  return own.latest < others.earliest ? 'before' : 'after'
}

/** Whether one state was certainly chosen before another: a look that shows it is older than the other. */
export function beganBefore(state: AgentState, other: AgentState): boolean {
  return beganAfter(state, other) === 'before'
}

/**
 * The same for what undoes the effect of a close: restoring a status once more does no harm, and so a time that is only expected (see
 * `replacing`) holds nothing back.
 */
export function isOlderLook(state: AgentState, other: AgentState): boolean {
  const isExpected = other.startTimestamp === null && other.availability?.since == null
  return !isExpected && beganBefore(state, other)
}

/**
 * The state that is to replace another, as far as its time is known before any look shows it. It begins late enough for no look at
 * the replaced one to pass for a later state.
 */
export function replacing(replaced: AgentState, { name, type, arn }: AgentState): AgentState {
  const bounds = choiceBounds(replaced)
  if (bounds === null) return { name, type, arn, startTimestamp: null }
  const isExact = replaced.availability?.since != null
  const notBefore = bounds.latest + (isExact ? ROUNDING_MS : COUNTING_MS) + ROUNDING_MS
  return { name, type, arn, startTimestamp: null, notBefore }
}

/** Whether both are one and the same look at a state, reported twice: another look would have another start. */
export function isSameSnapshot(a: AgentState, b: AgentState): boolean {
  const isSameStart = a.startTimestamp !== null && a.startTimestamp === b.startTimestamp
  return isSameStart && isSameState(a, b) && a.availability?.since === b.availability?.since
}
