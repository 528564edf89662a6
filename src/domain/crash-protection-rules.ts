import type { AgentFacts, AgentState } from './agent'
import { hasLiveContact } from './agent'
import type { CloseRules } from './close-rules'
import { decideClose } from './decide-close'

/** What the browser's holding of the Offline request depends on, besides the agent's own state. */
export interface CrashProtectionConditions extends CloseRules {
  readonly directPath: boolean
  readonly deadMansSwitch: boolean
  readonly otherCcps: readonly string[]
}

/** Whether the settings forbid it. */
export function forbidsCrashProtection({ mode, directPath, deadMansSwitch }: CrashProtectionConditions): boolean {
  return mode !== 'act' || !directPath || !deadMansSwitch
}

/**
 * The state that the browser should set where the page ends without a chance to act; null where it must not set any. More careful
 * than a close, since nobody looks at the moment when it fires: not on a live contact, nor while another CCP of the agent is
 * open.
 */
export function crashProtectionTarget(agent: AgentFacts, conditions: CrashProtectionConditions): AgentState | null {
  if (forbidsCrashProtection(conditions) || hasLiveContact(agent)) return null
  const otherCcps = conditions.otherCcps.length
  const decision = decideClose(agent, conditions, { event: 'crash', hint: null, otherCcps, lastWindow: false })
  return decision.action === 'set_offline' ? decision.target : null
}
