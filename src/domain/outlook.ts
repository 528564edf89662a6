/** What a close of a CCP would do now, for the popup. */
import type { AgentFacts } from './agent'
import { hasLiveContact } from './agent'
import type { CloseRules } from './close-rules'
import type { CloseDecision } from './decide-close'
import { decideClose } from './decide-close'
import type { Protection } from './closes/ccp-document'
import { unprotectedBecause } from './closes/ccp-document'
import type { DeferReason, NotNeededReason, UnprotectedReason } from './reasons'

/** Why a close leaves the agent's state as it is, by the settings. */
export type KeptReason = Exclude<NotNeededReason, 'mode_observe' | 'mode_off' | 'not_routable'>

/** `target` is the agent's name for the state that a close sets; null where that is not known. */
export type Outlook =
  /** The page is not protected. */
  | { readonly is: 'unprotected'; readonly reason: UnprotectedReason }
  /** The page is not ready yet, or has not reported whose CCP it is. */
  | { readonly is: 'waiting' | 'agent_unknown' }
  | { readonly is: 'sets'; readonly target: string }
  /** A page that may be reloading is left alone: Offline follows if it does not come back. */
  | { readonly is: 'sets_later'; readonly target: string }
  /** `withinMinutes`: how long after-contact work is waited for; null while the contact goes on. */
  | { readonly is: 'after_contact'; readonly target: string | null; readonly withinMinutes: number | null }
  | { readonly is: 'other_ccp' }
  /** Mode `observe`. `would`: what mode `act` would do; null where it would do nothing, or could not. */
  | { readonly is: 'observes'; readonly would: 'sets' | 'after_contact' | null; readonly target: string | null }
  | { readonly is: 'off' }
  | { readonly is: 'already_offline' | 'takes_no_contacts' | 'other_state' }
  | { readonly is: 'kept'; readonly reason: KeptReason }
  | { readonly is: 'cannot' }

/**
 * @param otherCcps how many other CCPs of the agent are open in this browser.
 * @param rules the settings, for closes of this document.
 * @param acwLimitMinutes how long after-contact work is waited for once the CCP is closed.
 */
export function outlookOf(
  { agent, protection }: { readonly agent: AgentFacts | null; readonly protection: Protection },
  rules: CloseRules,
  otherCcps: number,
  acwLimitMinutes: number,
): Outlook {
  const reason = unprotectedBecause(protection)
  if (reason !== null) return { is: 'unprotected', reason }
  if (protection.status === 'waiting') return { is: 'waiting' }
  if (agent === null) return { is: 'agent_unknown' }
  // After `pagehide` the page is gone for good; a possible reload is handled below.
  const moment = { event: 'pagehide', hint: null, otherCcps, lastWindow: false } as const
  return outlookFor(agent, rules, decideClose(agent, rules, moment), acwLimitMinutes)
}

function outlookFor(agent: AgentFacts, rules: CloseRules, decision: CloseDecision, acwLimitMinutes: number): Outlook {
  const target = agent.offlineState?.name ?? null
  switch (decision.action) {
    case 'set_offline':
      return { is: rules.reload === 'keep' ? 'sets_later' : 'sets', target: decision.target.name }
    case 'defer':
      return leftFor(decision.reason, target, hasLiveContact(agent) ? null : acwLimitMinutes)
    case 'cannot':
      return { is: 'cannot' }
    case 'none':
      switch (decision.reason) {
        case 'mode_observe':
          return { is: 'observes', would: wouldOf(decision.would), target }
        case 'mode_off':
          return { is: 'off' }
        case 'not_routable':
          return { is: keptState(agent) }
        case 'state_excluded':
        case 'instance_excluded':
        case 'surface_excluded':
        case 'routing_profile_excluded':
        case 'desk_phone':
        case 'contact_kept':
          return { is: 'kept', reason: decision.reason }
      }
  }
}

function leftFor(reason: DeferReason, target: string | null, withinMinutes: number | null): Outlook {
  switch (reason) {
    case 'contact_first':
      return { is: 'after_contact', target, withinMinutes }
    case 'other_ccp':
    case 'reload':
      return { is: 'other_ccp' }
  }
}

function wouldOf(would: Extract<CloseDecision, { action: 'none' }>['would']): 'sets' | 'after_contact' | null {
  if (would === 'set_offline') return 'sets'
  return would === 'contact_first' ? 'after_contact' : null
}

function keptState({ state }: AgentFacts): 'already_offline' | 'takes_no_contacts' | 'other_state' {
  switch (state.type) {
    case 'offline':
      return 'already_offline'
    case 'not_routable':
      return 'takes_no_contacts'
    case 'routable':
    case 'system':
    case 'error':
    case 'init':
    case 'unknown':
      return 'other_state'
  }
}
