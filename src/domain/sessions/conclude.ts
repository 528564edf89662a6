/** The one entry of a close that is over: its ending, and what was found out afterwards. */
import type { LogEntry, TimelineEvent, TimelineStep } from '../log-entry'
import type { SetFrom, UnverifiedReason, Verification } from '../verification'
import { causeOf, likelyCause } from './cause'
import type { PendingClose } from './closes'
import { leadOf, leftBecause, recoveryOf, stateBefore, verificationOf } from './closes'
import type { Ending } from './ending'
import { endingOfClose, UNKNOWN } from './ending'
import { exposureOf } from './exposed'
import type { Context, Unverified } from './question'
import type { RecoveryEnd } from './ccp-document'

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

function withReason(
  close: PendingClose,
  ending: Ending,
  unverified: Unverified,
  { rules }: Pick<Context, 'rules'>,
): Ending {
  if (unverified === null || ending.would !== undefined) return ending
  // Its page could do nothing, and need not have.
  if (unverified === 'other_ccp') return { ...UNKNOWN, outcome: 'not_needed', reason: unverified }
  if (typeof unverified === 'object') return { ...UNKNOWN, outcome: 'not_needed', reason: unverified.kept }
  // What a page has left to the background is not done where that may not, or cannot.
  const isUndone = leftBecause(close, rules) !== null && unverified !== 'agent_present'
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
    verification?.end && unverified === null
      ? verified(known, verification)
      : withReason(close, known, unverified, context)
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
