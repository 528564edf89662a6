/** The log entry of a close: its known outcome, and what was found out afterwards. */
import { outcomeSeenBy } from '../evidence'
import type { LogEntry, TimelineEvent, TimelineStep } from '../log-entry'
import type { SetFrom, Check } from '../check'
import { causeOf, likelyCause } from './cause'
import type { PendingClose } from './closes'
import { leadOf, deferReasonOf, stateBefore } from './close-facts'
import type { KnownOutcome } from './known-outcome'
import { knownOutcomeOf, seenByPage, UNKNOWN } from './known-outcome'
import { exposureOf } from './exposed'
import type { Context } from './context'
import type { FinalizeReason } from './next-step'
import type { Recovery } from './close'
import type { UnconfirmedReason, UnprotectedReason } from '../reasons'

/** What the check makes of a known outcome: Connect's word, or why it is missing. */
function checked(known: KnownOutcome, check: Check): KnownOutcome {
  const { end } = check
  if (end === null || check.observes) return known
  if (!end.confirmed && end.reason === 'superseded') return availableAgain(known)
  if (!end.confirmed && known.outcome === 'accepted') return unchecked(known, end.reason)
  if (!end.confirmed && known.outcome !== 'not_needed') {
    // Where nothing was tried, nothing has failed: nobody could find out how the agent stands.
    const outcome = known.error === null && saysNothingTried(known.reason) ? 'unconfirmed' : known.outcome
    // The page's own error came first, and says more about the close than the background's.
    const error = known.error ?? (end.reason === 'no_answer' ? (check.answer ?? null) : null)
    return { ...known, outcome, error, reason: weightier(known.reason, end.reason) }
  }
  if (!end.confirmed) return notTakenOver(known, end)
  const evidence = end.by === 'set' ? 'set_by_background' : 'asked'
  return { ...known, outcome: outcomeSeenBy('background'), evidence, reason: null, knownAt: end.at }
}

/** The close itself needed nothing, as one that its page has left to a reload; and what came of it could not be found out. */
function notTakenOver(known: KnownOutcome, end: Pick<KnownOutcome, 'reason'> & Partial<KnownOutcome>): KnownOutcome {
  const { reason, error = known.error } = end
  // Somebody has changed the state since.
  return reason === 'state_changed' ? known : { ...known, outcome: 'unconfirmed', reason, error, knownAt: null }
}

const CONTRADICTING: ReadonlySet<UnconfirmedReason> = new Set(['contact', 'stuck', 'no_offline_state', 'not_shown'])

/**
 * The outcome of a close whose Offline was accepted, and could not be checked; or a check has contradicted it, and the background
 * could not correct it.
 */
function unchecked(known: KnownOutcome, reason: UnconfirmedReason): KnownOutcome {
  const isContradicted = CONTRADICTING.has(reason)
  return isContradicted ? { ...known, outcome: 'unconfirmed', reason, knownAt: null } : { ...known, reason }
}

/** Somebody has set the agent to take contacts: that stands, whatever the close came to. */
function availableAgain(known: KnownOutcome): KnownOutcome {
  return { ...known, outcome: 'left_available', evidence: 'none', reason: 'superseded', knownAt: null }
}

/** What a recovery CCP's report makes of a known outcome; and why the background could not look itself. */
function recovered(known: KnownOutcome, { end, reason }: Pick<Recovery, 'end' | 'reason'>): KnownOutcome {
  if (end === null) return known
  if (end.reported === null && end.reason === 'superseded') return availableAgain(known)
  if (known.outcome === 'accepted') return { ...known, reason: weightier(known.reason, reason) }
  if (end.reported === null && known.outcome === 'not_needed') return notTakenOver(known, end)
  if (end.reported === null)
    return { ...known, error: end.error ?? known.error, reason: weightier(known.reason, end.reason) }
  return { ...seenByPage(end.reported === 'seen' ? 'snapshot' : 'set_by_recovery', end.at), reason }
}

function withReason(
  close: PendingClose,
  known: KnownOutcome,
  why: FinalizeReason,
  { rulesOf }: Pick<Context, 'rulesOf'>,
): KnownOutcome {
  if (why === null || known.would !== undefined) return known
  // The close's page could do nothing, and did not have to.
  if (why === 'other_ccp') return { ...UNKNOWN, outcome: 'not_needed', reason: why }
  if (typeof why === 'object') return { ...UNKNOWN, outcome: 'not_needed', reason: why.veto }
  // What a page has deferred to the background is not done where the background may not, or cannot.
  const isNotDone = deferReasonOf(close, rulesOf) !== null && why !== 'agent_present'
  if (isNotDone) return { ...UNKNOWN, reason: why }
  if (known.outcome === 'not_needed') return known
  return { ...known, reason: weightier(known.reason, why) }
}

/** That nothing was tried is in the timeline: why nothing could be found out afterwards says more. */
function weightier(known: KnownOutcome['reason'], why: UnconfirmedReason): KnownOutcome['reason'] {
  return known === null || saysNothingTried(known) ? why : known
}

/** What a page that could do nothing leaves as its reason. */
const NOTHING_TRIED: ReadonlySet<KnownOutcome['reason']> = new Set([
  'nothing_tried',
  'not_configured',
  ...(['no_connect', 'no_agent', 'streams_hidden', 'no_bridge'] satisfies UnprotectedReason[]),
])

function saysNothingTried(reason: KnownOutcome['reason']): boolean {
  return NOTHING_TRIED.has(reason)
}

/** What Offline ended, as a step of its own: no contact's state is ended silently. */
const ENDED: Readonly<Record<SetFrom, TimelineEvent>> = {
  work: 'acw_ended',
  missed: 'missed_ended',
  stuck: 'stuck_ended',
}

function checkSteps({ end, observes }: Check): TimelineStep[] {
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

/** The agent's name for the state that their page has asked for, or that the background sets. */
function targetOf(close: PendingClose): string | null {
  const lead = leadOf(close)
  const did = lead.closing?.report.did
  return (did?.action === 'attempted' ? did.target : lead.agent?.offlineState)?.name ?? null
}

/**
 * The entry of a close, as far as its end is known.
 * @param why as `nextStepOf` gives it: why no check has confirmed the close, or why none is needed; null where what is known is enough.
 */
export function entryOfClose(
  close: PendingClose,
  context: Pick<Context, 'extensionVersion' | 'rulesOf'>,
  why: FinalizeReason = null,
): LogEntry {
  const lead = leadOf(close)
  const { check, recovery } = close
  const said = knownOutcomeOf(close, context)
  const isRecovered = recovery !== null && recovery.end !== null
  const known = isRecovered ? recovered(said, recovery) : said
  // The background was refused before a recovery; a look after the recovery counts.
  const isLookedAt = check !== null && check.end !== null && (!isRecovered || check.isLook === true)
  const isAsked = isLookedAt && why === null
  const final = isAsked ? checked(known, check) : isRecovered ? known : withReason(close, known, why, context)
  const agent = lead.agent
  if (agent === null) throw new Error('A close without an agent has no entry')
  const steps = [...close.documents.flatMap((doc) => doc.timeline), ...close.steps]
  return {
    id: close.id,
    at: close.startedAt,
    instance: lead.instance,
    username: agent.username,
    agentName: agent.name,
    ...(agent.routingProfile !== null && { routingProfile: agent.routingProfile }),
    surface: lead.surface,
    framed: lead.framed,
    stateBefore: stateBefore(close) ?? agent.state,
    outcome: final.outcome,
    evidence: final.evidence,
    reason: final.reason,
    ...(final.would !== undefined && { would: final.would }),
    target: targetOf(close),
    error: final.error,
    cause: causeOf(close) ?? likelyCause(close),
    event: lead.closing?.report.event ?? null,
    tookMs: final.knownAt === null ? null : Math.max(0, final.knownAt - close.startedAt),
    exposure: exposureOf(close, final, why),
    streamsVersion: lead.streamsVersion,
    extensionVersion: context.extensionVersion,
    timeline: [...steps, ...(check === null ? [] : checkSteps(check))].sort((a, b) => a.at - b.at),
  }
}
