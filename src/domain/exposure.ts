/** For how long an agent whose CCP is gone was Available for contacts that nobody was there to take. */
import type { AgentFacts, AgentState } from './agent'
import { isConnected, isOfContact } from './agent'
import { isUninterrupted } from './state-period'

export interface Exposure {
  /** When the close began, in ms since the epoch. */
  readonly from: number
  /** When it ended at the latest; null while no end is known. */
  readonly until: number | null
  /**
   * `exact`: it ended then, by Connect's word. `at_most`: it had ended by then, and may have ended before. `open`: it may still
   * go on. All by this machine's clock: the server's may differ by more than a close takes.
   */
  readonly certainty: 'exact' | 'at_most' | 'open'
}

/** The state in which an agent was seen again. */
export interface Sighting {
  /** By this machine's clock. */
  readonly at: number
  readonly state: AgentState
  /** Whether a contact is connected, which the agent may have taken since the close. Missing in what older versions stored. */
  readonly hasContact?: boolean
}

/** How an agent was seen again, by the facts that a page has reported. @param at by this machine's clock. */
export function sightingOf({ state, contacts }: Pick<AgentFacts, 'state' | 'contacts'>, at: number): Sighting {
  return { at, state, hasContact: contacts.some(isConnected) }
}

/**
 * The exposure of an agent who was seen again after a close that could not be confirmed.
 * @param before the state that the close left.
 */
export function exposureUntil(from: number, before: AgentState, { at, state, hasContact = false }: Sighting): Exposure {
  // The state that the close left, by the server's own word. A call, or the work after it, is no time in which the agent could have
  // been given another contact.
  const wasOnContact = isOfContact(before)
  // Nor is Offline, or a break, in which an agent was seen last whom the page no longer saw.
  const tookNone = wasOnContact || before.type === 'offline' || before.type === 'not_routable'
  if (isUninterrupted(before, state) && (wasOnContact || !hasContact))
    return { from, until: tookNone ? from : at, certainty: 'exact' }
  // Something came in between. The server's clock says since when, and is not compared with this machine's.
  return { from, until: at, certainty: 'at_most' }
}

/**
 * How long an exposure was, to sort by, in ms: one that may be ongoing is the longest. null without an exposure, as in entries of
 * older versions, whatever their type says.
 */
export function exposureSize(exposure: Exposure | null | undefined): number | null {
  if (!exposure) return null
  return exposure.until === null || exposure.certainty === 'open' ? Infinity : exposure.until - exposure.from
}
