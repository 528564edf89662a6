import type { AgentFacts } from '../domain/agent'
import type { CloseResult } from '../domain/close-report'
import type { RecoveryFinding } from '../domain/recovery'
import { decideRecovery } from '../domain/recovery'
import type { DocumentConfig } from '../protocol/page-config'

/** What the recovery needs of the relay around it. */
interface RecoveryParts {
  /** Has the bridge set the agent Offline, through Streams alone. */
  readonly set: (closeId: string) => void
  /** Told once. */
  readonly onFound: (closeId: string, finding: RecoveryFinding) => void
}

/**
 * In a CCP that was opened for it: has the agent of a close set Offline, if all is as that close left it. It decides by
 * what the bridge has just told, within that call.
 */
export class RecoveryAct {
  /** The close whose agent is being set Offline. */
  private asked: string | null = null
  private isDone = false

  constructor(private readonly parts: RecoveryParts) {}

  /**
   * Called whenever the agent's facts change, or what is known of the task.
   * @param config its `recovery` is null in every CCP but one that was opened to set an agent Offline.
   */
  consider(config: DocumentConfig | null, agent: AgentFacts | null): void {
    const order = config?.recovery ?? null
    if (config === null || order === null || agent === null || this.isDone) return
    const decision = decideRecovery(order, agent, config.fromStates)
    if (decision === 'wait') return
    this.isDone = true
    if (decision === 'set') {
      this.asked = order.closeId
      this.parts.set(order.closeId)
    } else this.parts.onFound(order.closeId, decision)
  }

  /** Takes Connect's answer. @returns whether it was one of this recovery. */
  hear(closeId: string, result: CloseResult): boolean {
    if (closeId !== this.asked) return false
    this.asked = null
    this.parts.onFound(closeId, result.ok ? { kind: 'offline', by: 'set' } : { kind: 'failed', error: result.error })
    return true
  }
}
