/**
 * The one notion of a state period: an uninterrupted stay of an agent in a state that they have chosen. Two looks at an
 * agent (a snapshot, a page's last facts, a stored close) are compared here and nowhere else.
 *
 * What identifies a period is what the service tells of it, and the service tells it in two ways:
 *
 * - `agentAvailabilityState` has the name of the chosen state and the time at which it was chosen. That time stays put. It
 *   survives contacts: whether somebody has taken a contact since is for the caller to judge.
 * - `state.startTimestamp` moves: the service answers its own clock minus the whole seconds in the state. So it is up to a
 *   second later than the true start, by a fraction that differs from snapshot to snapshot (recorded in eleven snapshots of
 *   2022, 2023 and 2025).
 *
 * All times are the service's. They are never compared with this machine's clock.
 */
import type { AgentState } from './agent'
import { isOfContact, isSameState } from './agent'

/** How two looks at an agent compare; `unknown` where what was told does not decide it. */
export type PeriodMatch = 'same' | 'other' | 'unknown'

/** The service counts whole seconds: a reported start is later than the true one by less than this, in ms. */
export const COUNTING_MS = 1_000

/** Times that are written in seconds with fractions come back with an error of this size at most, in ms. */
export const ROUNDING_MS = 5

/**
 * How two looks at one agent compare.
 * @returns `same` also where a contact has covered the chosen state in one of them, as far as the availability tells.
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
 * Whether the later look may show the period that the earlier one was about, or was about to become: where the earlier one
 * did not know yet since when (a status that is being restored), the state alone decides. A later look that does not tell
 * since when proves nothing.
 */
export function mayBeSamePeriod(earlier: AgentState, later: AgentState): boolean {
  const match = comparePeriods(earlier, later)
  return match === 'same' || (match === 'unknown' && earlier.startTimestamp === null)
}

/** Between which times of the service's clock something happened, in ms since the epoch. */
export interface TimeBounds {
  readonly earliest: number
  readonly latest: number
}

/**
 * Between which times the agent chose the state that they are in, or are in again when their contacts have ended; null
 * where nobody says. The availability is exact; under a contact's state lies an older choice.
 */
export function choiceBounds(state: AgentState): TimeBounds | null {
  const { startTimestamp, availability } = state
  if (availability?.since != null) {
    return { earliest: availability.since - ROUNDING_MS, latest: availability.since + ROUNDING_MS }
  }
  if (startTimestamp === null) return null
  const earliest = isOfContact(state) ? -Infinity : startTimestamp - COUNTING_MS - ROUNDING_MS
  return { earliest, latest: startTimestamp + ROUNDING_MS }
}

/**
 * Whether one state was chosen after another, by the service's clock: `before` only where that is certain. Two choices
 * within the second that the service does not tell apart count as `after`, since a look shows them in that order.
 */
export function beganAfter(state: AgentState, other: AgentState): 'after' | 'before' | 'unknown' {
  const [own, others] = [choiceBounds(state), choiceBounds(other)]
  if (own === null || others === null) return 'unknown'
  return own.latest < others.earliest ? 'before' : 'after'
}

/** Whether one state was certainly chosen before another: a look that shows it is from before the other one. */
export function beganBefore(state: AgentState, other: AgentState): boolean {
  return beganAfter(state, other) === 'before'
}

/** Whether both are one and the same look at a state, told twice: the next look would have another start. */
export function isSameLook(a: AgentState, b: AgentState): boolean {
  const isSameStart = a.startTimestamp !== null && a.startTimestamp === b.startTimestamp
  return isSameStart && isSameState(a, b) && a.availability?.since === b.availability?.since
}
