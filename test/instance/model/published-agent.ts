import type { AgentModel } from './agent-model'
import type { AgentState } from './agent-states'
import type { ContactView } from './contact'

/** What a snapshot shows of an agent at one moment. */
export interface AgentView {
  /** The snapshot's `nextToken`. */
  readonly version: number
  readonly state: AgentState
  /** The state that the agent has chosen, even while a contact has put another over it. */
  readonly chosen: AgentState
  readonly next: AgentState | undefined
  readonly contacts: readonly ContactView[]
}

function viewOf(agent: AgentModel): AgentView {
  return {
    version: agent.version,
    state: agent.state(),
    chosen: agent.visibleState(),
    next: agent.nextState(),
    contacts: agent.contacts().map((contact) => contact.view()),
  }
}

/** What snapshots show of an agent. Each change shows some time after it was made. */
export class PublishedAgent {
  private shown: AgentView
  private readonly listeners = new Set<() => void>()
  private readonly timers = new Set<NodeJS.Timeout>()

  /** @param afterMs how long a change takes to show, in ms */
  constructor(
    agent: AgentModel,
    private readonly afterMs: number,
  ) {
    this.shown = viewOf(agent)
    agent.onChange(() => this.show(viewOf(agent)))
  }

  view(): AgentView {
    return this.shown
  }

  /** Calls back whenever a change shows. Returns a function that stops it. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Cancels the changes that do not show yet. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }

  private show(view: AgentView): void {
    if (this.afterMs === 0) {
      this.publish(view)
      return
    }
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.publish(view)
    }, this.afterMs)
    this.timers.add(timer)
  }

  private publish(view: AgentView): void {
    this.shown = view
    for (const listener of [...this.listeners]) listener()
  }
}
