/** Whether an agent is there, as their state and contacts show. */
import type { AgentFacts, AgentState } from '../agent'
import { isConnected, isOfContact } from '../agent'
import { hasTakenContact, mayBeSamePeriod } from '../state-period'

/**
 * Whether an agent has chosen another state, or taken a contact, since they were seen: they are there after all.
 * @param before the state in which they were seen, without a live contact; a contact in after-contact work may be older than that.
 */
export function hasMoved(before: AgentState, { state, contacts }: Pick<AgentFacts, 'state' | 'contacts'>): boolean {
  const seen = { state: before, contacts: [] }
  return (
    !mayBeSamePeriod(before, state) || (!isOfContact(before) && hasTakenContact(seen, contacts.filter(isConnected)))
  )
}
