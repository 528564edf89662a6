/** What the settings say of closes in one document, and whom they apply to. */
import type { AgentFacts, AgentState } from './agent'
import { isOccupied } from './agent'
import type { DeskPhoneUse, Mode, OnContact, ReloadUse } from './settings'
import type { OutOfScope } from './reasons'

/** Sent to a page before any close, since a closing page cannot ask. */
export interface CloseRules {
  readonly mode: Mode
  /** null where closes in the document are acted on. */
  readonly excluded: OutOfScope | null
  /** By name or ARN; empty: all. */
  readonly routingProfiles: readonly string[]
  /** By name or ARN; empty: any that takes contacts. */
  readonly fromStates: readonly string[]
  readonly onContact: OnContact
  readonly deskPhone: DeskPhoneUse
  readonly reload: ReloadUse
}

/** Names are typed by people. */
const isSame = (a: string, b: string): boolean => a.trim().toLowerCase() === b.trim().toLowerCase()

/** Whether a list of names or ARNs has this one. */
export function isNamed(list: readonly string[], ...names: readonly (string | null)[]): boolean {
  return list.some((item) => names.some((name) => name !== null && isSame(item, name)))
}

/** Whether a close may set this state: never one that takes contacts, nor one that only Connect sets. */
export function mayBeTarget({ type }: AgentState): boolean {
  return type === 'offline' || type === 'not_routable'
}

/**
 * The state that a close sets: of the agent's own list the one that the settings name, or else the one of type offline;
 * null where the list has neither.
 * @param wanted by name or ARN; empty: the one of type offline.
 */
export function targetIn(list: readonly AgentState[], wanted: string): AgentState | null {
  return (
    list.find((state) => mayBeTarget(state) && isNamed([wanted], state.name, state.arn)) ??
    list.find(({ type }) => type === 'offline') ??
    null
  )
}

/**
 * Whether a close may change this state: one that takes contacts or, where the settings name states, one of those. Never a state
 * that comes from a contact: its end is waited for.
 */
export function isFromState({ type, name, arn }: AgentState, fromStates: readonly string[]): boolean {
  if (fromStates.length === 0) return type === 'routable'
  return (type === 'routable' || type === 'not_routable') && isNamed(fromStates, name, arn)
}

/**
 * Whether a close would change this agent's state, now or after their contacts, as far as state and settings go. Crash protection
 * and the direct path are prepared for such agents only. A page may open in the middle of a call.
 */
export function isActionable(agent: AgentFacts, rules: CloseRules): boolean {
  const mayChange = isFromState(agent.state, rules.fromStates) || isOccupied(agent)
  return mayChange && exclusionOf(agent, rules) === null
}

/** Why the settings leave this agent alone, whatever their state; null where they do not. */
export function exclusionOf(
  agent: AgentFacts,
  rules: CloseRules,
): OutOfScope | 'routing_profile_excluded' | 'desk_phone' | null {
  if (rules.excluded !== null) return rules.excluded
  const { routingProfiles, deskPhone } = rules
  const { routingProfile, routingProfileArn } = agent
  if (routingProfiles.length > 0 && !isNamed(routingProfiles, routingProfile, routingProfileArn)) {
    return 'routing_profile_excluded'
  }
  return deskPhone === 'leave' && agent.softphone === false ? 'desk_phone' : null
}
