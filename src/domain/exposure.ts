/** For how long an agent whose CCP is gone stood ready for contacts that nobody was there to take. */
import type { AgentState } from './agent'
import { isOfContact } from './agent'
import { isSamePeriod } from './state-period'

export interface Exposure {
  /** When the close began, in ms since the epoch. */
  readonly from: number
  /** When it ended at the latest; null while nobody knows that it has. */
  readonly until: number | null
  /**
   * `exact`: it ended then, by Connect's word. `at_most`: it had ended by then, and may have ended before. `open`: it may
   * still go on. All by this machine's clock: that of the server may go wrong by more than a close takes.
   */
  readonly certainty: 'exact' | 'at_most' | 'open'
}

/** How an agent was found when they were seen again. */
export interface Sighting {
  /** By this machine's clock. */
  readonly at: number
  readonly state: AgentState
}

/**
 * The exposure of an agent who was seen again after a close that nobody could mend.
 * @param before the state that the close left.
 */
export function exposureUntil(from: number, before: AgentState, { at, state }: Sighting): Exposure {
  // The very stay in the state that the close left: nothing came in between, by the server's own word.
  // On a call, or in the work after one, that was no time to be given another.
  if (isSamePeriod(before, state)) return { from, until: isOfContact(before) ? from : at, certainty: 'exact' }
  // Something came in between. Since when, the server's clock says, which is not compared with this machine's.
  return { from, until: at, certainty: 'at_most' }
}
