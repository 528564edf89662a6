/**
 * Documents that could not report what was to be done: their process or their browser was killed, or they closed before their
 * settings had come. The current settings decide in their place.
 */
import { exclusionOf, isFromState } from '../close-rules'
import type { CloseRules } from '../close-rules'
import type { Would } from '../decide-close'
import { decideClose } from '../decide-close'
import type { CcpDocument } from './ccp-document'
import type { NotNeededReason } from '../reasons'

/** What the settings say of closes of a document. */
export type RulesOf = (doc: CcpDocument) => CloseRules

/** Why a document had nothing to do; with `would` where it was only observed. */
export interface Idle {
  readonly reason: NotNeededReason
  readonly would?: Would
}

/** A crash: the page can defer to no other CCP and to no reload. */
const CRASH = { event: 'crash', hint: null, otherCcps: 0, lastWindow: false } as const

/** Whether a document has gone without reporting what its settings call for. */
export function hasNotDecided({ closing }: Pick<CcpDocument, 'closing'>): boolean {
  const did = closing?.report.did
  return did === undefined || (did.action === 'cannot' && did.reason === 'not_configured')
}

/** Whether a document that has reported nothing could no longer see what its agent did. */
export function hasLostSight({ closing, protection }: Pick<CcpDocument, 'closing' | 'protection'>): boolean {
  return closing === null && protection.status === 'unprotected'
}

/** What a document knows of its agent, and whether it still sees them. */
type Knowledge = Pick<CcpDocument, 'agent' | 'closing' | 'protection'>

/**
 * Why the document had nothing to do, at once or later: its agent's state, or the settings. null where it had something to do, or
 * may have had, since it no longer saw its agent: the state is an old one.
 */
export function nothingToDo({ agent, closing, protection }: Knowledge, rules: CloseRules): Idle | null {
  if (agent === null) return { reason: 'not_routable' }
  if (rules.mode === 'act' && hasLostSight({ closing, protection })) {
    const reason = exclusionOf(agent, rules)
    return reason === null ? null : { reason }
  }
  // The close report knows the state best.
  const decision = decideClose({ ...agent, state: closing?.report.stateBefore ?? agent.state }, rules, CRASH)
  return decision.action === 'none' ? decision : null
}

/**
 * Why a document that could report nothing had nothing to do either: its agent's state, or the settings. null where something was
 * to be done.
 */
export function nothingToDoNow(doc: Knowledge, rules: CloseRules): Idle | null {
  const rest = nothingToDo(doc, rules)
  if (rest !== null || doc.agent === null || (rules.mode === 'act' && hasLostSight(doc))) return rest
  // A state that comes from a contact: the instance is asked about it later.
  return isFromState(doc.agent.state, rules.fromStates) ? null : { reason: 'not_routable' }
}
