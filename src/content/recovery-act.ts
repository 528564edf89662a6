import type { AgentFacts } from '../domain/agent'
import type { CloseResult } from '../domain/close-report'
import type { RecoveryFinding } from '../domain/recovery-order'
import { decideRecovery, RECOVERY_LOOK_MS } from '../domain/recovery-order'
import type { DocumentConfig } from '../protocol/page-config'

/** What the recovery needs from the relay. */
interface RecoveryParts {
  /** Has the bridge set the agent Offline, through Streams alone. */
  readonly set: (closeId: string) => void
  /** Called once. */
  readonly onFound: (closeId: string, finding: RecoveryFinding) => void
}

/**
 * In a recovery CCP: has the agent of a close set Offline, if all is as that close left it. It decides by the facts that the
 * bridge has just sent, within that call. Connect's answer does not end it: a snapshot does.
 */
export class RecoveryAct {
  /** The close whose agent is being set Offline. */
  private asked: string | null = null
  private isAccepted = false
  private isDone = false

  constructor(private readonly parts: RecoveryParts) {}

  /**
   * Called whenever the agent's facts or the task change.
   * @param config its `recovery` is null in every CCP but one that was opened to set an agent Offline.
   */
  consider(config: DocumentConfig | null, agent: AgentFacts | null): void {
    const order = config?.recovery ?? null
    if (config === null || order === null || agent === null || this.isDone) return
    const decision = decideRecovery(order, agent, config.fromStates)
    if (decision === 'wait') return
    if (this.asked !== null) {
      // Until the change shows, the agent is as they were; the background finds out about changes by others.
      if (decision !== 'set' && decision.kind === 'offline') this.end(order.closeId, { kind: 'offline', by: 'set' })
    } else if (decision === 'set') {
      this.asked = order.closeId
      this.parts.set(order.closeId)
    } else this.end(order.closeId, decision)
  }

  /** Takes Connect's answer. @returns whether it answers a call of this recovery. */
  hear(closeId: string, result: CloseResult): boolean {
    if (closeId !== this.asked) return false
    if (!result.ok) this.end(closeId, { kind: 'failed', error: result.error })
    else if (!this.isAccepted) {
      this.isAccepted = true
      setTimeout(() => this.end(closeId, { kind: 'accepted' }), RECOVERY_LOOK_MS)
    }
    return true
  }

  private end(closeId: string, finding: RecoveryFinding): void {
    if (this.isDone) return
    this.isDone = true
    this.parts.onFound(closeId, finding)
  }
}
