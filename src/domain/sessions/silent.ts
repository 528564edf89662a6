/** Documents that went without a word: their process was killed, or their browser. */
import { isFromState } from '../close-rules'
import type { CloseRules } from '../close-rules'
import type { NotNeededReason, Would } from '../decide-close'
import { decideClose } from '../decide-close'
import type { CcpDocument } from './ccp-document'

/** Nobody acts then: what is left to a page on other closes is not asked for. */
const CRASH = { event: 'crash', hint: null, otherCcps: 0, lastWindow: false } as const

/**
 * Why a document that could say nothing had nothing to do either: its agent's state, or the settings. null where something
 * was to be done.
 */
export function idleBecause(
  { agent }: Pick<CcpDocument, 'agent'>,
  rules: CloseRules,
): { readonly reason: NotNeededReason; readonly would?: Would } | null {
  if (agent === null) return { reason: 'not_routable' }
  const decision = decideClose(agent, rules, CRASH)
  if (decision.action === 'none') return decision
  // A contact's state, which is asked about later.
  return isFromState(agent.state, rules.fromStates) ? null : { reason: 'not_routable' }
}
