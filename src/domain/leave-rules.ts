/** Whether the browser is to ask before a CCP is left, and what the agent who stays is told. */
import type { AgentFacts } from './agent'
import { hasLiveContact } from './agent'
import type { CallError, CloseResult, ClosingReport } from './close-report'
import { refusesEnqueue } from './close-report'
import type { CloseRules } from './close-rules'
import { exclusionOf, isFromState } from './close-rules'
import type { LeaveDialog } from './settings'

/** What the settings say of it. */
export interface LeaveRules extends CloseRules {
  readonly leaveDialog: LeaveDialog
}

/** Whether the browser's own leave-page dialog is raised. Only where a close does something there is something to ask. */
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
  /** No answer yet. */
  | 'asking'
  /** By the close that was called off: who stays has their status back. */
  | 'taken'
  /** By the agent's own wish, when they tried again. */
  | 'offline'
  /** Connect has taken Offline, for when the contact ends. */
  | 'queued'
  | 'failed'
  /** No answer came. */
  | 'unknown'
  /** There was nothing that could be asked for. */
  | 'cannot'
  /** Nothing was asked for: that was left to the background, which does nothing about a page that stays. */
  | 'kept'

/** What is known of a close that was called off. */
export interface CalledOff {
  readonly report: ClosingReport
  readonly results: readonly CloseResult[]
  /** The agent as they are now. */
  readonly agent: AgentFacts
  /** Whether an answer has been waited for long enough. */
  readonly hasWaited: boolean
}

/** null where the close did nothing: then there is nothing to tell. */
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
      if (results.some(({ ok }) => ok)) return did.mayQueue ? 'queued' : offline
      const errors = errorsOf(results).length
      if (errors >= (did.direct === null ? 1 : 2)) return 'failed'
      if (!hasWaited) return 'asking'
      return errors > 0 ? 'failed' : 'unknown'
    }
  }
}

/** Connect's refusal. Not a refusal: that it knows no enqueued state; then it is asked again without one. */
export function errorsOf(results: readonly CloseResult[]): readonly CallError[] {
  return results.flatMap((result) => (result.ok || refusesEnqueue(result.error) ? [] : [result.error]))
}
