/** Whether the browser is to ask before a CCP is left, and what an agent who stays is shown. */
import type { AgentFacts } from './agent'
import { hasLiveContact } from './agent'
import type { CallError, CloseResult, ClosingReport } from './close-report'
import { refusesEnqueue } from './close-report'
import type { CloseRules } from './close-rules'
import { exclusionOf, isFromState } from './close-rules'
import type { LeaveDialog } from './settings'

/** The settings that decide it. */
export interface LeaveRules extends CloseRules {
  readonly leaveDialog: LeaveDialog
}

/** Whether the browser's own leave-page dialog is raised: only where a close would do something. */
export function asksBeforeLeaving(agent: AgentFacts, rules: LeaveRules): boolean {
  const { mode, leaveDialog, onContact, fromStates } = rules
  if (mode !== 'act' || exclusionOf(agent, rules) !== null) return false
  if (onContact === 'warn' && hasLiveContact(agent)) return true
  switch (leaveDialog) {
    case 'never':
      return false
    case 'on_contact':
      return hasLiveContact(agent)
    case 'routable':
      return isFromState(agent.state, fromStates) || hasLiveContact(agent)
  }
}

/** What an agent who stayed chose to do about it. */
export type LeaveChoice = 'try_again' | 'close' | 'stay'

/** What became of a close that the agent called off. */
export type LeaveOutcome =
  /** Not shown yet. */
  | 'asking'
  /** Connect took the Offline of the close that was called off: an agent who stays has their status restored. */
  | 'taken'
  /** Offline by the agent's own wish, when they tried again. */
  | 'offline'
  /** Connect has taken Offline, for when the contact ends. */
  | 'queued'
  | 'failed'
  /** No answer came, or no snapshot shows what was accepted. */
  | 'unknown'
  /** Nothing could be asked for. */
  | 'cannot'
  /** Nothing was asked for: the close was deferred to the background, which does nothing about a page that stays. */
  | 'kept'

/** What is known about a close that was called off. */
export interface CalledOff {
  readonly report: ClosingReport
  readonly results: readonly CloseResult[]
  /** The agent as they are now. */
  readonly agent: AgentFacts
  /** Whether an answer has been waited for long enough. */
  readonly hasWaited: boolean
}

/** null where the close did nothing, so that there is nothing to show. */
export function leaveOutcome({ report, results, agent, hasWaited }: CalledOff): LeaveOutcome | null {
  const { did } = report
  switch (did.action) {
    case 'none':
      return null
    case 'left':
      return 'kept'
    case 'cannot':
      return 'cannot'
    case 'attempted': {
      const offline = report.event === 'try_again' ? 'offline' : 'taken'
      if (agent.state.type === 'offline') return offline
      const isAccepted = results.some(({ ok }) => ok)
      if (isAccepted && did.mayQueue) return 'queued'
      // What Connect has accepted is shown once a snapshot shows it.
      if (isAccepted) return hasWaited ? 'unknown' : 'asking'
      const errors = errorsOf(results).length
      if (errors >= (did.direct === null ? 1 : 2)) return 'failed'
      if (!hasWaited) return 'asking'
      return errors > 0 ? 'failed' : 'unknown'
    }
  }
}

/** Connect's refusals. Not among them: that it does not know enqueued states, after which it is asked without one. */
export function errorsOf(results: readonly CloseResult[]): readonly CallError[] {
  return results.flatMap((result) => (result.ok || refusesEnqueue(result.error) ? [] : [result.error]))
}
