/** How a close ended, by what its own documents have said and seen: before anybody was asked. */
import type { CallError } from '../close-report'
import { refusesEnqueue } from '../close-report'
import type { Would } from '../decide-close'
import type { Evidence, LogEntry, Outcome } from '../log-entry'
import type { PendingClose } from './closes'
import type { Context } from './question'
import { idleBecause, isUnconfigured, restBecause } from './silent'
import type { CcpDocument } from './ccp-document'

/** How a close ended, by what is known. */
export interface Ending {
  readonly outcome: Outcome
  readonly evidence: Evidence
  readonly reason: LogEntry['reason']
  readonly error: CallError | null
  /** What `act` would have done, where it was only observed. */
  readonly would?: Would
  /** When the outcome was known. */
  readonly knownAt: number | null
}

export const UNKNOWN: Ending = { outcome: 'unconfirmed', evidence: 'none', reason: null, error: null, knownAt: null }

/** How well one document's part of a close is known: the best-known part speaks for all. */
function endingOf(doc: CcpDocument, context: Pick<Context, 'rules'>): Ending {
  const did = doc.closing?.report.did
  if (doc.result?.result.ok) {
    // What Connect took may be the state after the contact: only asking tells when it has come.
    if (did?.action === 'attempted' && did.mayQueue) return UNKNOWN
    return { outcome: 'confirmed', evidence: 'call_answered', reason: null, error: null, knownAt: doc.result.at }
  }
  if (did?.action === 'attempted' && doc.seenOfflineAt !== null) {
    return { outcome: 'confirmed', evidence: 'snapshot', reason: null, error: null, knownAt: doc.seenOfflineAt }
  }
  if (doc.result !== null && !doc.result.result.ok) {
    const { error } = doc.result.result
    // The page asks again at once without what was refused, and may be gone before that is answered.
    if (refusesEnqueue(error)) return { ...UNKNOWN, error }
    return { outcome: 'failed', evidence: 'call_answered', reason: null, error, knownAt: doc.result.at }
  }
  const at = doc.closing?.at ?? null
  switch (did?.action) {
    case 'attempted':
      return UNKNOWN
    case 'cannot': {
      const rest = isUnconfigured(doc) ? restBecause(doc, context.rules(doc)) : null
      if (rest !== null) return notNeeded(rest, at)
      return { outcome: 'failed', evidence: 'none', reason: did.reason, error: null, knownAt: at }
    }
    case 'none':
    case 'left':
      return notNeeded(did, at)
    case undefined: {
      const idle = idleBecause(doc, context.rules(doc))
      return idle === null
        ? { outcome: 'failed', evidence: 'none', reason: 'nothing_tried', error: null, knownAt: null }
        : notNeeded(idle, doc.gone?.at ?? null)
    }
  }
}

function notNeeded(did: Pick<Ending, 'reason'> & { readonly would?: Would }, knownAt: number | null): Ending {
  const { reason, would } = did
  const ending = { outcome: 'not_needed', evidence: 'none', reason, error: null, knownAt } as const
  return would === undefined ? ending : { ...ending, would }
}

/**
 * Which part of a close counts, where its documents fared differently: an answer that the agent is Offline first, then
 * a call on its way, then what went wrong. `not_needed` comes last: it says only that its document did nothing.
 */
const WEIGHT: Record<Outcome, number> = {
  confirmed: 3,
  unconfirmed: 2,
  failed: 1,
  not_needed: 0,
  left_available: 0,
  unprotected: 0,
}

/** How the close ended, by what is known now. Never `confirmed` without an answer of Connect's. */
export function endingOfClose(close: PendingClose, context: Pick<Context, 'rules'>): Ending {
  return close.documents
    .map((doc) => endingOf(doc, context))
    .reduce((best, next) => (weightOf(next) > weightOf(best) ? next : best))
}

/** What was observed says more than what was not looked at: a frame that the settings leave alone. */
function weightOf({ outcome, would }: Ending): number {
  return WEIGHT[outcome] + (would === undefined ? 0 : 0.5)
}
