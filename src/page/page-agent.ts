import type { AgentFacts, AgentState } from '../domain/agent'
import type { CloseResult } from '../domain/close-report'
import type { AgentWatch } from './agent-watch'
import { callStreams } from './offline-attempts'
import type { DirectPath } from './direct-path'
import type { InsecureAgent } from './streams'

/**
 * The agent of this page, however they are watched: through the page's Streams or, where that is out of reach, through the API.
 */
export class PageAgent implements AgentWatch {
  #watch: AgentWatch | null = null
  readonly #direct: DirectPath
  readonly #asComing: (facts: AgentFacts) => AgentFacts

  /** @param asComing the facts, with a requested state that has not arrived yet. */
  constructor(direct: DirectPath, asComing: (facts: AgentFacts) => AgentFacts) {
    this.#direct = direct
    this.#asComing = asComing
  }

  /** Watches by these means from now on. Begins with `start`. */
  use(watch: AgentWatch): void {
    this.#watch?.stop()
    this.#watch = watch
  }

  start(): void {
    this.#watch?.start()
  }

  agent(): InsecureAgent | null {
    return this.#watch?.agent() ?? null
  }

  facts(): AgentFacts | null {
    const facts = this.#watch?.facts() ?? null
    return facts && this.#asComing(facts)
  }

  look(): void {
    this.#watch?.look()
  }

  stop(): void {
    this.#watch?.stop()
  }

  /** Asks for a state of the agent's list: Streams where it is there, or else the API. */
  setState(state: AgentState, onResult: (result: CloseResult) => void): void {
    if (this.agent() !== null) callStreams(this, state, false, onResult)
    else if (this.#watch !== null) this.#direct.put('keepalive', state, false, onResult)
  }
}
