import type { AgentFacts, AgentState } from '../domain/agent'
import { comparePeriods } from '../domain/state-period'
import { natives } from './natives'

/** How an agent's facts differ from those before: not at all, by the start of their state alone, or by more. */
export type Difference = 'none' | 'start' | 'change'

/**
 * Compares an agent's facts with those of the look before. On a live instance each snapshot moves the start of its state (see
 * `state-period.ts`): reporting that alone would wake the background for nothing, all day.
 */
export class AgentChanges {
  /** The last facts that counted as a change: later starts vary around theirs. */
  #sent: AgentFacts | null = null
  #sentText = ''
  #lastText = ''

  /** Takes the current facts. A `change` counts as sent. */
  take(facts: AgentFacts): Difference {
    const text = natives.stringify(facts)
    if (text === this.#lastText) return 'none'
    this.#lastText = text
    const withoutStarts = natives.stringify(unstarted(facts))
    const isOther = this.#sent === null || comparePeriods(this.#sent.state, facts.state) === 'other'
    if (!isOther && withoutStarts === this.#sentText) return 'start'
    this.#sent = facts
    this.#sentText = withoutStarts
    return 'change'
  }
}

/** The facts, with each start replaced by whether there is one. */
function unstarted({ state, offlineState, chosenState, nextState, ...facts }: AgentFacts): object {
  const without = (one: AgentState | null | undefined): object | null =>
    one ? { ...one, startTimestamp: one.startTimestamp === null ? null : 0 } : null
  return { ...facts, states: [state, offlineState, chosenState, nextState].map(without) }
}
