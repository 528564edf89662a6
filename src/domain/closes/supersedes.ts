/** Of several CCPs of one agent that go at once, the last close takes responsibility for the agent. */
import { keyOf } from './ccp-document'
import type { CcpDocument } from './ccp-document'
import { leadOf, deferReasonOf } from './close-facts'
import type { PendingClose } from './closes'
import { pendingCloses } from './closes'
import type { RulesOf } from './silent'
import { restBecause } from './silent'
import type { CloseState } from './state'

/**
 * Whether another close of the same agent, which began later, takes responsibility for them: of several CCPs that go at
 * once, the last.
 * One that had nothing to do knew the agent's state too late, or from elsewhere: it takes none.
 */
export function isSuperseded(state: CloseState, close: PendingClose, rulesOf: RulesOf): boolean {
  return close.isSuperseded || pendingCloses(state).some((other) => supersedes(other, close, rulesOf))
}

/** Whether one close takes responsibility for the agent of another. */
export function supersedes(other: PendingClose, close: PendingClose, rulesOf: RulesOf): boolean {
  if (keyOf(leadOf(other)) !== keyOf(leadOf(close)) || !isAfter(other, close, rulesOf)) return false
  return other.documents.some((doc) => actsFor(doc, rulesOf))
}

/** In mode `observe` too: a close that would have been seen to. One without a word is, unless it had nothing to do. */
function actsFor(doc: CcpDocument, rulesOf: RulesOf): boolean {
  if (doc.closing === null) {
    const rest = restBecause(doc, rulesOf(doc))
    return rest === null || rest.would !== undefined
  }
  const { did } = doc.closing.report
  return did.action === 'attempted' || did.action === 'left' || (did.action === 'none' && did.would !== undefined)
}

/** In one and the same moment, a close that was left to others is before one that was not. */
function isAfter(a: PendingClose, b: PendingClose, rulesOf: RulesOf): boolean {
  if (a.startedAt !== b.startedAt) return a.startedAt > b.startedAt
  const [isDeferred, isOtherDeferred] = [deferReasonOf(a, rulesOf) !== null, deferReasonOf(b, rulesOf) !== null]
  return isDeferred === isOtherDeferred ? leadOf(a).docId > leadOf(b).docId : isOtherDeferred
}
