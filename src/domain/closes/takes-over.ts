/** Of several CCPs of one agent that go at once, the last close takes responsibility for the agent. */
import { keyOf } from './ccp-document'
import type { CcpDocument } from './ccp-document'
import { leadOf, deferReasonOf } from './close-facts'
import type { PendingClose } from './closes'
import { pendingCloses } from './closes'
import type { RulesOf } from './silent'
import { hasLostSight, nothingToDo } from './silent'
import type { CloseState } from './state'

/**
 * Whether a later close of the same agent takes responsibility for this one's agent: of several CCPs that go at once, the last. A
 * close that had nothing to do takes none: it knew the agent's state too late, or from elsewhere.
 */
export function isTakenOver(state: CloseState, close: PendingClose, rulesOf: RulesOf): boolean {
  return close.isTakenOver || pendingCloses(state).some((other) => takesOver(other, close, rulesOf))
}

/** Whether one close takes responsibility for the agent of another. */
export function takesOver(other: PendingClose, close: PendingClose, rulesOf: RulesOf): boolean {
  if (keyOf(leadOf(other)) !== keyOf(leadOf(close)) || !isAfter(other, close, rulesOf)) return false
  return other.documents.some((doc) => actsFor(doc, rulesOf))
}

/**
 * In mode `observe` too: a close that would have acted. A document without a report acts, unless it had nothing to do, or no longer saw
 * its agent.
 */
function actsFor(doc: CcpDocument, rulesOf: RulesOf): boolean {
  if (hasLostSight(doc)) return false
  if (doc.closing === null) {
    const rest = nothingToDo(doc, rulesOf(doc))
    return rest === null || rest.would !== undefined
  }
  const { did } = doc.closing.report
  return did.action === 'attempted' || did.action === 'left' || (did.action === 'none' && did.would !== undefined)
}

/** In one and the same moment, a close that was deferred precedes one that was not. */
function isAfter(a: PendingClose, b: PendingClose, rulesOf: RulesOf): boolean {
  if (a.startedAt !== b.startedAt) return a.startedAt > b.startedAt
  const [isDeferred, isOtherDeferred] = [deferReasonOf(a, rulesOf) !== null, deferReasonOf(b, rulesOf) !== null]
  return isDeferred === isOtherDeferred ? leadOf(a).docId > leadOf(b).docId : isOtherDeferred
}
