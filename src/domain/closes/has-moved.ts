/** Whether an agent is there, as their state and contacts show. */
import type { AgentFacts, AgentState } from '../agent'
import { isConnected, isOfContact } from '../agent'
import { mayBeSamePeriod } from '../state-period'

/** Whether an agent has chosen another state, or taken a contact, since they were seen: they are there after all. */
export function hasMoved(before: AgentState, { state, contacts }: Pick<AgentFacts, 'state' | 'contacts'>): boolean {
  return !mayBeSamePeriod(before, state) || (!isOfContact(before) && contacts.some(isConnected))
}
