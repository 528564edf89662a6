import type { Would } from '../decide-close'
import type { Cause, Evidence, LogEntry, Outcome, TimelineEvent, TimelineStep } from '../log-entry'
import type { CallError, DepartureHint } from '../close-report'
import { refusesEnqueue } from '../close-report'
import type { SetFrom, UnverifiedReason, Verification } from '../verification'
import { exposureOf } from './exposed'
import type { Context, Unverified } from './question'
import { idleBecause } from './silent'
import type { CcpDocument, RecoveryEnd } from './state'
import type { PendingClose } from './closes'
import { signOffKindOf, leadOf, leftBecause, recoveryOf, stateBefore, verificationOf } from './closes'

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

const UNKNOWN: Ending = { outcome: 'unconfirmed', evidence: 'none', reason: null, error: null, knownAt: null }

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
    case 'cannot':
      return { outcome: 'failed', evidence: 'none', reason: did.reason, error: null, knownAt: at }
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

/** What ended the documents, or null where nothing that was seen so far says it. */
export function causeOf(close: PendingClose): Cause | null {
  const docs = close.documents
  const away = signOffKindOf(close)
  if (away !== null) return away
  const removed = docs.find((doc) => doc.tabRemoved !== null)?.tabRemoved
  if (docs.some((doc) => doc.gone?.by === 'run_ended')) return 'browser_ended'
  if (removed) return removed.windowClosing ? 'window_closed' : 'tab_closed'
  if (docs.every((doc) => doc.stayedAt !== null && doc.gone === null)) return 'stayed'
  if (docs.some((doc) => isLogout(doc.closing?.report.hint))) return 'logged_out'
  if (docs.some((doc) => doc.successor === 'reload' || doc.closing?.report.hint === 'reload')) return 'reloaded'
  if (docs.some((doc) => doc.successor === 'navigation')) return 'navigated_away'
  // Said in an earlier run, in which nobody was left to see more.
  if (docs.some((doc) => doc.orphanedAt !== null && doc.gone !== null)) return 'browser_ended'
  return null
}

function isLogout(hint: DepartureHint | null | undefined): boolean {
  return hint === 'logout' || hint === 'terminated'
}

/** The cause where the settling time brought no better one. */
function likelyCause(close: PendingClose): Cause {
  const docs = close.documents
  if (docs.every((doc) => doc.closing === null && doc.gone?.by !== 'pagehide')) {
    // Nobody closes a page without an unload event: its process died. Where the background did not see it go, its words
    // may have been lost instead.
    return docs.some((doc) => doc.gone?.by === 'no_answer') ? 'unknown' : 'crashed'
  }
  // A frame that its parent removes gets `pagehide` alone; one whose page goes elsewhere gets `beforeunload` first.
  if (docs.every((doc) => doc.framed && doc.closing?.report.event === 'pagehide')) return 'frame_removed'
  return 'navigated_away'
}

/** What the verification makes of an ending: Connect's word, or the reason why there is none. */
function verified(ending: Ending, verification: Verification): Ending {
  const { end } = verification
  if (end === null || ending.outcome === 'confirmed' || verification.observes) return ending
  if (!end.confirmed && end.reason === 'superseded') return superseded(ending)
  if (!end.confirmed && ending.outcome !== 'not_needed') {
    // Where nothing was tried nothing has failed either: how the agent stands is what nobody could find out.
    const outcome = ending.error === null && isUntried(ending.reason) ? 'unconfirmed' : ending.outcome
    // The page's own error came first, and says more of the close than what the background met.
    const error = ending.error ?? (end.reason === 'no_answer' ? (verification.answer ?? null) : null)
    return { ...ending, outcome, error, reason: weightier(ending.reason, end.reason) }
  }
  // The close itself needed nothing, and somebody has seen to the rest.
  if (!end.confirmed && end.reason === 'state_changed') return ending
  if (!end.confirmed) return { ...ending, outcome: 'unconfirmed', reason: end.reason, knownAt: null }
  const evidence = end.by === 'set' ? 'set_by_background' : 'asked'
  return { ...ending, outcome: 'confirmed', evidence, reason: null, knownAt: end.at }
}

/** Somebody wants the agent to take contacts: they are left so, whatever the close came to. */
function superseded(ending: Ending): Ending {
  return { ...ending, outcome: 'left_available', evidence: 'none', reason: 'superseded', knownAt: null }
}

/** What a recovery CCP makes of an ending. */
function recovered(ending: Ending, end: RecoveryEnd): Ending {
  if (ending.outcome === 'confirmed') return ending
  if (!end.confirmed && end.reason === 'superseded') return superseded(ending)
  if (!end.confirmed)
    return { ...ending, error: end.error ?? ending.error, reason: weightier(ending.reason, end.reason) }
  const evidence = end.by === 'set' ? 'set_by_recovery' : 'snapshot'
  return { ...ending, outcome: 'confirmed', evidence, reason: null, error: null, knownAt: end.at }
}

function withReason(close: PendingClose, ending: Ending, unverified: Unverified): Ending {
  if (unverified === null || ending.would !== undefined) return ending
  // Its page could do nothing, and need not have.
  if (unverified === 'other_ccp') return { ...UNKNOWN, outcome: 'not_needed', reason: unverified }
  if (typeof unverified === 'object') return { ...UNKNOWN, outcome: 'not_needed', reason: unverified.kept }
  // What a page has left to the background is not done where that may not, or cannot.
  const isUndone = leftBecause(close) !== null && unverified !== 'agent_present'
  if (isUndone) return { ...UNKNOWN, reason: unverified }
  if (ending.outcome === 'not_needed') return ending
  return { ...ending, reason: weightier(ending.reason, unverified) }
}

/** That nothing was tried is in the timeline: why nothing could be found out afterwards says more. */
function weightier(known: Ending['reason'], unverified: UnverifiedReason): Ending['reason'] {
  return known === null || isUntried(known) ? unverified : known
}

function isUntried(reason: Ending['reason']): boolean {
  return reason === 'nothing_tried' || reason === 'not_configured'
}

/** What Offline has ended has its own step: nothing of it goes silently. */
const ENDED: Readonly<Record<SetFrom, TimelineEvent>> = {
  work: 'acw_ended',
  missed: 'missed_ended',
  stuck: 'stuck_ended',
}

function verificationSteps({ end, observes }: Verification): TimelineStep[] {
  if (end === null) return []
  if (observes) {
    const found = end.confirmed ? 'offline' : end.reason
    return [{ at: end.at, event: 'observed', ...(found !== 'observed' && { detail: found }) }]
  }
  if (!end.confirmed) return [{ at: end.at, event: 'not_verified', detail: end.reason }]
  const { at, by, from } = end
  const ended = from === undefined ? [] : [{ at, event: ENDED[from] }]
  return [...ended, { at, event: by === 'set' ? 'set_by_background' : 'verified_offline' }]
}

/** The name of a close, in its entry and its flag: the page's own, or that of the document where the page said nothing. */
export function closeIdOf(close: PendingClose): string {
  const lead = leadOf(close)
  return lead.closing?.report.closeId ?? lead.docId
}

/** What the agent knows the state as that their page has asked for, or that the background sets. */
function targetOf(close: PendingClose): string | null {
  const lead = leadOf(close)
  const did = lead.closing?.report.did
  return (did?.action === 'attempted' ? did.target : lead.agent?.offlineState)?.name ?? null
}

/**
 * The one entry of a close that is over.
 * @param unverified why nothing was verified, where that was called for, or why nothing needs to be: the settings leave it as
 * it is, or another CCP is there after all.
 */
export function conclude(
  close: PendingClose,
  context: Pick<Context, 'extensionVersion' | 'rules'>,
  unverified: Unverified = null,
): LogEntry {
  const lead = leadOf(close)
  const verification = verificationOf(close)
  const known = endingOfClose(close, context)
  const end = recoveryOf(close)?.end ?? null
  const asked =
    verification?.end && unverified === null ? verified(known, verification) : withReason(close, known, unverified)
  const ending = end === null ? asked : recovered(known, end)
  const agent = lead.agent
  if (agent === null) throw new Error('A close without an agent has no entry')
  const steps = close.documents.flatMap((doc) => doc.timeline)
  return {
    id: closeIdOf(close),
    at: close.startedAt,
    instance: lead.instance,
    username: agent.username,
    agentName: agent.name,
    surface: lead.surface,
    framed: lead.framed,
    stateBefore: stateBefore(close) ?? agent.state,
    outcome: ending.outcome,
    evidence: ending.evidence,
    reason: ending.reason,
    ...(ending.would !== undefined && { would: ending.would }),
    target: targetOf(close),
    error: ending.error,
    cause: causeOf(close) ?? likelyCause(close),
    event: lead.closing?.report.event ?? null,
    tookMs: ending.knownAt === null ? null : Math.max(0, ending.knownAt - close.startedAt),
    exposure: exposureOf(close, ending, unverified),
    streamsVersion: lead.streamsVersion,
    extensionVersion: context.extensionVersion,
    timeline: [...steps, ...(verification === null ? [] : verificationSteps(verification))].sort((a, b) => a.at - b.at),
  }
}
