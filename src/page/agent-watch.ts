import type { AgentFacts } from '../domain/agent'
import { AgentChanges } from './agent-changes'
import { guard, guardSetUp } from './guard'
import { readAgent } from './read-agent'
import type { InsecureAgent, InsecureStreams } from './streams'
import { bag } from './streams'

/** The agent of this page, with facts that are settled before a close needs them. */
export interface AgentWatch {
  /** Subscribes. An agent whom Streams knows already is reported within this call. */
  start(): void
  /** The page's agent object; null until Streams has announced it. */
  agent(): InsecureAgent | null
  /** The current facts, or the last ones that could be read. */
  facts(): AgentFacts | null
  /** Reads the facts again, and reports them if they differ: call it when `targetState` has changed. */
  look(): void
  stop(): void
}

/**
 * Takes an agent's facts whenever they differ from those before.
 * @param isChange whether more has changed than the start of the state, which moves with each snapshot.
 */
export type OnFacts = (facts: AgentFacts, isChange: boolean) => void

/**
 * Watches the agent by `connect.agent()`.
 * @param targetState the state that a close is to set, by name or ARN, as the current settings have it.
 */
export function watchAgent(streams: InsecureStreams, onChange: OnFacts, targetState = (): string => ''): AgentWatch {
  let current: InsecureAgent | null = null
  let settled: AgentFacts | null = null
  const changes = new AgentChanges()
  let isWatching = true

  let subscription: unknown = null
  let refreshes: unknown = null

  const settle = (agent: InsecureAgent): void => {
    if (!isWatching) return
    current = agent
    settled = readAgent(agent, targetState())
    const difference = changes.take(settled)
    if (difference !== 'none') onChange(settled, difference === 'change')
  }
  return {
    start: () => {
      subscription = streams.agent(
        guardSetUp((agent: InsecureAgent) => {
          // First: the agent is announced before its configuration is there, and until then reading it throws.
          if (isWatching) refreshes = agent.onRefresh(guardSetUp(settle))
          settle(agent)
        }),
      )
    },
    agent: () => current,
    facts: () => {
      try {
        if (current !== null) settled = readAgent(current, targetState())
      } catch {
        // Streams has lost its data: the last facts stand.
      }
      return settled
    },
    look: guard(() => {
      if (current !== null) settle(current)
    }),
    stop: () => {
      isWatching = false
      unsubscribe(subscription)
      unsubscribe(refreshes)
    },
  }
}

/** Ends a subscription of Streams; versions that return none leave one that does nothing. */
export function unsubscribe(subscription: unknown): void {
  const { unsubscribe: end } = bag(subscription)
  if (typeof end === 'function') end.call(subscription)
}
