import type { AgentFacts } from '../domain/agent'
import { asksBeforeLeaving } from '../domain/leave-rules'
import type { PageConfig } from '../protocol/page-config'
import { whenItWouldHaveGone } from './departure-check'

/** Raises the browser's own leave-page dialog, where policy asks for it, and notices that the agent stays. */
export class LeaveDialog {
  /** The agent has chosen that the page is to go: the next attempt raises no dialog. */
  passes = false

  /**
   * Called last in `beforeunload`: nothing of a close waits for the dialog.
   * @param onStay called if the page is still there some time after the dialog.
   * @returns whether the browser is asked to raise it.
   */
  raise(event: Event, agent: AgentFacts, config: PageConfig | null, onStay: () => void): boolean {
    const { passes } = this
    this.passes = false
    if (passes || config === null || !asksBeforeLeaving(agent, config)) return false
    event.preventDefault()
    // Timers stand still while the dialog is up.
    whenItWouldHaveGone(onStay, true)
    return true
  }
}
