/** What the sight of an agent tells of whether they are there. */
import type { AgentFacts, AgentState } from '../agent'
import { isConnected, isOfContact } from '../agent'
import { mayBeSamePeriod } from '../state-period'

/** Whether an agent is there after all: they have chosen another state since they were seen, or taken a contact. */
export function hasMoved(before: AgentState, { state, contacts }: Pick<AgentFacts, 'state' | 'contacts'>): boolean {
  return !mayBeSamePeriod(before, state) || (!isOfContact(before) && contacts.some(isConnected))
}
