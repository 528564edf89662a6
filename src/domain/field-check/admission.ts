/** Decides for which agents the field check may run. */
import type { AgentFacts } from '../agent'
import { isOccupied } from '../agent'
import { isNamed } from '../close-rules'

export const REFUSALS = [
  /** The extension is managed, and policy names no test agents. */
  'off',
  /** Policy names test agents, and this agent is not one of them. */
  'not_named',
  /** The extension is not managed: a person has to confirm that this is a test agent. */
  'unconfirmed',
  'agent_unknown',
  'contact',
  /** The CCP is in a private window or a container, so the background has other cookies. */
  'other_cookies',
  'running',
] as const
export type Refusal = (typeof REFUSALS)[number]

export interface Applicant {
  readonly agent: AgentFacts | null
  readonly ownCookies: boolean
}

export interface AdmissionRules {
  /** The test agents' user names in the policy; null where the policy does not set them. */
  readonly named: readonly string[] | null
  /** Whether an organization has installed the extension, or sets anything by policy. */
  readonly isManaged: boolean
  /** Whether a person has confirmed that the agent is a test agent. */
  readonly isConfirmed: boolean
}

/** Why the check may not run for an agent; null where it may. */
export function refusalFor({ agent, ownCookies }: Applicant, rules: AdmissionRules): Refusal | null {
  if (agent === null || agent.username === '') return 'agent_unknown'
  if (rules.named !== null) {
    if (!isNamed(rules.named, agent.username)) return rules.named.length === 0 ? 'off' : 'not_named'
  } else if (rules.isManaged) {
    return 'off'
  } else if (!rules.isConfirmed) {
    return 'unconfirmed'
  }
  if (!ownCookies) return 'other_cookies'
  return isOccupied(agent) ? 'contact' : null
}
