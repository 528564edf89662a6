import type { AgentFacts, AgentState } from './agent'
import { hasLiveContact, isOccupied, isOfContact, isRinging } from './agent'
import type { CloseEvent, DepartureHint } from './close-report'
import { isSignOff, SIGN_OFF_KINDS } from './close-report'
import type { CloseRules, OutOfScope } from './close-rules'
import { exclusionOf, isFromState } from './close-rules'

/** Why nothing is done on a close, by whoever. */
export type NotNeededReason =
  /** The agent is in a state that takes no contacts: theirs to keep. */
  | 'not_routable'
  /** The agent is in a state that the settings do not name. */
  | 'state_excluded'
  | 'mode_observe'
  | 'mode_off'
  | OutOfScope
  | 'routing_profile_excluded'
  /** The agent talks by a desk phone, and the settings leave such agents alone. */
  | 'desk_phone'
  /** The agent has a contact, and the settings leave such agents alone. */
  | 'contact_kept'

/** Why a page leaves it to the background, which sees what comes after the page. */
export type LeftReason =
  /** The page is loaded anew: the agent is there, unless it does not come back. */
  | 'reload'
  /** Another CCP of the agent is open in this browser. */
  | 'other_ccp'
  /** The agent has a contact, or what follows one: Offline waits for its end. */
  | 'contact_first'

/** Why nothing can be done although it should. */
export type CannotReason =
  /** The agent's own list has no state of type offline. */
  | 'no_offline_state'
  /** The settings had not reached the page yet: it may be one where nothing may be done. */
  | 'not_configured'

/** What mode `act` would have done on a close that was only observed: in the end, or for now. */
export type Would = 'set_offline' | LeftReason | CannotReason

export type CloseDecision =
  | { readonly action: 'set_offline'; readonly target: AgentState }
  | { readonly action: 'leave'; readonly reason: LeftReason }
  /** `would` in mode `observe`. */
  | { readonly action: 'none'; readonly reason: NotNeededReason; readonly would?: Would }
  | { readonly action: 'cannot'; readonly reason: CannotReason }

/** What is known of the moment of a close, besides the agent. */
export interface CloseMoment {
  /** `crash`: nobody will be there to act, and the browser is told beforehand. */
  readonly event: CloseEvent | 'crash'
  readonly hint: DepartureHint | null
  /** How many other CCPs of the agent are open in this browser. */
  readonly otherCcps: number
  /** The browser may end with this page. */
  readonly lastWindow: boolean
}

/**
 * What to do when a CCP document goes.
 * Acts on the state's type alone, unless the settings name states: names are renamed and translated by administrators.
 * @param rules null where the settings are not known yet.
 */
export function decideClose(agent: AgentFacts, rules: CloseRules | null, moment: CloseMoment): CloseDecision {
  if (rules?.mode === 'off') return { action: 'none', reason: 'mode_off' }
  if (rules?.mode !== 'observe') return decide(agent, rules, moment)
  const wanted = decide(agent, { ...rules, mode: 'act' }, moment)
  // What `act` would not have done either is its own reason.
  if (wanted.action === 'none') return wanted
  const would = wanted.action === 'set_offline' ? wanted.action : wanted.reason
  return { action: 'none', reason: 'mode_observe', would }
}

function decide(agent: AgentFacts, rules: CloseRules | null, moment: CloseMoment): CloseDecision {
  const { state, chosenState, offlineState } = agent
  const fromStates = rules?.fromStates ?? []
  const hasContact = isOccupied(agent)
  const isFrom = isFromState(state, fromStates)
  if (!isFrom && !isOfContact(state)) {
    return { action: 'none', reason: state.type === 'routable' ? 'state_excluded' : 'not_routable' }
  }
  if (rules === null) return { action: 'cannot', reason: 'not_configured' }
  const exclusion = exclusionOf(agent, rules)
  if (exclusion !== null) return { action: 'none', reason: exclusion }
  if (hasContact && rules.onContact === 'leave') return { action: 'none', reason: 'contact_kept' }
  const left = leftBecause(rules, moment)
  if (left !== null) return { action: 'leave', reason: left }
  if (hasContact) {
    // A call has put its own state over the one that the agent comes back to: what that is decides.
    const comesBack = isFrom || (chosenState !== undefined && isFromState(chosenState, fromStates))
    if (!comesBack || !mayQueue(agent, moment)) return { action: 'leave', reason: 'contact_first' }
  }
  if (offlineState === null) return { action: 'cannot', reason: 'no_offline_state' }
  return { action: 'set_offline', target: offlineState }
}

/**
 * What ends all of the agent's work here, whatever else is open: a log-out, in this CCP or in another, after which nobody
 * can set a state; and what a person asks for.
 */
const ENDS: ReadonlySet<CloseMoment['event'] | DepartureHint | null> = new Set([
  'logout',
  'terminated',
  'try_again',
  ...SIGN_OFF_KINDS,
])

/** Why the end of this page need not be that of the agent's work. */
function leftBecause({ reload }: CloseRules, { event, hint, otherCcps }: CloseMoment): LeftReason | null {
  if (ENDS.has(event) || ENDS.has(hint)) return null
  // A frame that is taken away is not loaded anew.
  const mayReload = hint === 'reload' || (reload === 'keep' && hint === null && event === 'beforeunload')
  if (mayReload && reload !== 'offline') return 'reload'
  return otherCcps > 0 ? 'other_ccp' : null
}

/**
 * Whether Offline may be queued behind the contacts. Only where nobody may be there to do it after them; and never behind
 * one that rings: if it is missed, the agent cannot get back to Available (streams issue 613). With nothing but
 * after-contact work nothing is queued: what is asked for comes at once, and takes the work away (issue 952).
 */
function mayQueue(agent: AgentFacts, { event, lastWindow }: CloseMoment): boolean {
  const mayBeLast = (lastWindow && !isSignOff(event)) || event === 'logout' || event === 'try_again'
  return event !== 'crash' && mayBeLast && hasLiveContact(agent) && !isRinging(agent)
}
