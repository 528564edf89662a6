/** How a close ended, as far as its own documents have reported and seen: before the instance is asked. */
import type { CallError } from '../close-report'
import { refusesEnqueue } from '../close-report'
import type { Would } from '../decide-close'
import { isServiceException, outcomeSeenBy } from '../evidence'
import type { Evidence, LogEntry, Outcome } from '../log-entry'
import type { PendingClose } from './closes'
import type { Context } from './context'
import type { UnprotectedReason } from '../reasons'
import { nothingToDoNow, hasNotDecided, nothingToDo } from './silent'
import type { CcpDocument } from './ccp-document'

/** How a close ended, by what is known. */
export interface KnownOutcome {
  readonly outcome: Outcome
  readonly evidence: Evidence
  readonly reason: LogEntry['reason']
  readonly error: CallError | null
  /** What mode `act` would have done, where mode `observe` did nothing. */
  readonly would?: Would
  /** When the outcome was known. */
  readonly knownAt: number | null
}

export const UNKNOWN: KnownOutcome = {
  outcome: 'unconfirmed',
  evidence: 'none',
  reason: null,
  error: null,
  knownAt: null,
}

/** The outcome where a page reports that it saw the agent Offline. */
export function seenByPage(evidence: Evidence, at: number): KnownOutcome {
  return { outcome: outcomeSeenBy('page'), evidence, reason: null, error: null, knownAt: at }
}

/** The outcome of one document's part of a close, and how well it is known: the best-known part stands for all. */
function documentOutcome(
  doc: CcpDocument,
  seenOfflineAt: number | null,
  context: Pick<Context, 'rulesOf'>,
): KnownOutcome {
  const did = doc.closing?.report.did
  if (did?.action === 'attempted' && seenOfflineAt !== null) {
    return seenByPage('snapshot', seenOfflineAt)
  }
  if (doc.result?.result.ok) {
    // The accepted state may come only after the contact: only a look shows when it has come.
    if (did?.action === 'attempted' && did.mayQueue) return UNKNOWN
    return { outcome: 'accepted', evidence: 'call_answered', reason: null, error: null, knownAt: doc.result.at }
  }
  if (doc.result !== null && !doc.result.result.ok) {
    const { error } = doc.result.result
    // After a refusal of `enqueueNextState` the page asks again at once, and may be gone before the answer comes.
    if (refusesEnqueue(error) || !isServiceException(error)) return { ...UNKNOWN, error }
    return { outcome: 'failed', evidence: 'call_answered', reason: null, error, knownAt: doc.result.at }
  }
  const at = doc.closing?.at ?? null
  switch (did?.action) {
    case 'attempted':
      return UNKNOWN
    case 'cannot': {
      const rest = hasNotDecided(doc) ? nothingToDo(doc, context.rulesOf(doc)) : null
      if (rest !== null) return notNeeded(rest, at)
      return { outcome: 'failed', evidence: 'none', reason: did.reason, error: null, knownAt: at }
    }
    case 'none':
    case 'left':
      return notNeeded(did, at)
    case undefined: {
      const idle = nothingToDoNow(doc, context.rulesOf(doc))
      return idle === null
        ? { outcome: 'failed', evidence: 'none', reason: whyNothing(doc), error: null, knownAt: null }
        : notNeeded(idle, doc.gone?.at ?? null)
    }
  }
}

/** Why a page that has gone has reported nothing: what it had reported before says more. */
function whyNothing({ protection }: CcpDocument): UnprotectedReason | 'nothing_tried' {
  return protection.status === 'unprotected' ? protection.reason : 'nothing_tried'
}

function notNeeded(
  did: Pick<KnownOutcome, 'reason'> & { readonly would?: Would },
  knownAt: number | null,
): KnownOutcome {
  const { reason, would } = did
  const known = { outcome: 'not_needed', evidence: 'none', reason, error: null, knownAt } as const
  return would === undefined ? known : { ...known, would }
}

/**
 * Which part of a close counts, where its documents fared differently: first that the agent was seen Offline, or an answer that
 * they will be; then a call under way; then what went wrong. `not_needed` comes last: it says only that its document did nothing.
 */
const WEIGHT: Record<Outcome, number> = {
  confirmed: 3,
  accepted: 3,
  unconfirmed: 2,
  failed: 1,
  not_needed: 0,
  left_available: 0,
  unprotected: 0,
}

/** How the close ended, by the reports of its pages: never `confirmed`. What a look has contradicted is not known. */
export function knownOutcomeOf(close: PendingClose, context: Pick<Context, 'rulesOf'>): KnownOutcome {
  const known = close.documents
    .map((doc) => documentOutcome(doc, close.seenOffline[doc.docId] ?? null, context))
    .reduce((best, next) => (weightOf(next) > weightOf(best) ? next : best))
  return known.outcome === 'accepted' && close.check?.isContradicted === true ? UNKNOWN : known
}

/** An observed part says more than one that the settings exclude, such as a frame. A sighting says more than an answer. */
function weightOf({ outcome, evidence, would }: KnownOutcome): number {
  return WEIGHT[outcome] + (would === undefined && evidence !== 'snapshot' ? 0 : 0.5)
}
