import type { AgentFacts, AgentState } from './agent'
import { hasAfterContactWork, hasLiveContact, isOccupied, isOfContact, isRinging } from './agent'
import type { CloseEvent, DepartureHint } from './close-report'
import { isOfflineWhileOpen, OFFLINE_WHILE_OPEN } from './close-report'
import type { CloseRules } from './close-rules'
import { exclusionOf, isFromState } from './close-rules'
import type { CannotReason, DeferReason, NotNeededReason } from './reasons'

/** What mode `act` would have done on a close that was only observed: in the end, or for now. */
export type Would = 'set_offline' | DeferReason | CannotReason

export type CloseDecision =
  | { readonly action: 'set_offline'; readonly target: AgentState }
  | { readonly action: 'defer'; readonly reason: DeferReason }
  /** `would` in mode `observe`. */
  | { readonly action: 'none'; readonly reason: NotNeededReason; readonly would?: Would }
  | { readonly action: 'cannot'; readonly reason: CannotReason }

/** What is known of the moment of a close, besides the agent. */
export interface CloseMoment {
  /** `crash`: no page will be there to act; the browser holds the request beforehand. */
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
  const wanted = decide(agent, rules, moment)
  // Where `act` would not have acted either, its reason stands.
  if (rules?.mode !== 'observe' || wanted.action === 'none') return wanted
  const would = wanted.action === 'set_offline' ? wanted.action : wanted.reason
  return { action: 'none', reason: 'mode_observe', would }
}

/** The decision in mode `act`. */
function decide(agent: AgentFacts, rules: CloseRules | null, moment: CloseMoment): CloseDecision {
  const { state, chosenState, nextState, offlineState } = agent
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
  const deferReason = deferral(rules, moment)
  if (deferReason !== null) return { action: 'defer', reason: deferReason }
  if (hasContact) {
    // The state that follows the call decides: the one that the agent has chosen meanwhile, or else the one that the call covers.
    // A waiting Offline may be stuck behind a missed contact, and is requested again. Who logs out wants to be Offline.
    const chosen = isFrom ? state : chosenState
    const isOverruled = nextState?.type === 'offline' || moment.event === 'logout'
    const next = isOverruled ? chosen : (nextState ?? chosen)
    if (next === undefined || !isFromState(next, fromStates) || !isForThisPage(agent, moment))
      return { action: 'defer', reason: 'contact_first' }
  }
  if (offlineState === null) return { action: 'cannot', reason: 'no_offline_state' }
  return { action: 'set_offline', target: offlineState }
}

/**
 * What ends all of the agent's work here, whatever else is open: a log-out, in this CCP or in another, after which nobody can set
 * a state; and a person's own request.
 */
const ENDS: ReadonlySet<CloseMoment['event'] | DepartureHint | null> = new Set([
  'logout',
  'terminated',
  'try_again',
  ...OFFLINE_WHILE_OPEN,
])

/** Why the end of this page need not be the end of the agent's work. */
function deferral({ reload }: CloseRules, { event, hint, otherCcps }: CloseMoment): DeferReason | null {
  if (ENDS.has(event) || ENDS.has(hint)) return null
  // A frame that is removed does not reload.
  const mayReload = hint === 'reload' || (reload === 'keep' && hint === null && event === 'beforeunload')
  if (mayReload && reload !== 'offline') return 'reload'
  return otherCcps > 0 ? 'other_ccp' : null
}

/**
 * Whether this page sets an agent Offline who has a contact, or has had one. Only where nobody may be there to set it afterwards.
 * After a missed contact, at once: no notes are lost. Behind a live contact it is queued, but never behind one that rings: if that is
 * missed, the agent cannot get back to Available (streams issue 613). In after-contact work neither: Offline comes at once, and throws
 * the work away (issue 952).
 */
function isForThisPage(agent: AgentFacts, { event, lastWindow }: CloseMoment): boolean {
  const mayBeLast = (lastWindow && !isOfflineWhileOpen(event)) || event === 'logout' || event === 'try_again'
  if (event === 'crash' || !mayBeLast || isRinging(agent)) return false
  return hasLiveContact(agent) || (agent.state.type === 'error' && !hasAfterContactWork(agent))
}
