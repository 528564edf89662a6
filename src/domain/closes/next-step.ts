/** What is done next about a close that has settled: what is still to be found out before it has its entry. */
import { isOccupied, isOfContact } from '../agent'
import { exclusionOf, isFromState } from '../close-rules'
import type { Passed } from '../clock'
import { OFFER_MS } from '../recovery-order'
import type { PendingClose } from './closes'
import { deferReasonOf, endedAt, hasOwnCookies, leadOf, offlineWhileOpenOf, stateBefore } from './close-facts'
import { pendingCloses } from './closes'
import { ccpPresenceOf } from './agent-presence'
import { restoreOf } from './restore-duty'
import { hasLostSight, nothingToDo } from './silent'
import { isTakenOver } from './takes-over'
import type { KnownOutcome } from './known-outcome'
import { knownOutcomeOf } from './known-outcome'
import { rulesOfClose } from './in-scope'
import type { Context } from './context'
import type { CloseState } from './state'
import { isOpen, keyOf } from './ccp-document'
import type { NotNeededReason, UnconfirmedReason } from '../reasons'

/** The settings exclude the agent of a close: it is over with nothing done. */
export interface SettingsVeto {
  readonly veto: NotNeededReason
}

/**
 * Why a close gets its entry although no check has confirmed it; `other_ccp`: another CCP of the agent is there after all. null:
 * what is known is enough, or all that could be found out.
 */
export type FinalizeReason = UnconfirmedReason | SettingsVeto | 'other_ccp' | null

/** What is done next about a close that has settled. */
export type NextStep =
  /**
   * `check` asks the instance, and sets the agent Offline where that is still to be done; `look` asks only whether the page's report
   * is true; `recover` has a CCP set the agent Offline; `wait` leaves what was begun, or a reload, its time.
   */
  { readonly step: 'check' | 'look' | 'recover' | 'wait' } | { readonly step: 'finalize'; readonly why: FinalizeReason }

const CHECK: NextStep = { step: 'check' }
const LOOK: NextStep = { step: 'look' }
const RECOVER: NextStep = { step: 'recover' }
const WAIT: NextStep = { step: 'wait' }
const finalize = (why: FinalizeReason): NextStep => ({ step: 'finalize', why })

/** A close whose next step is asked for, and what it depends on. */
interface Situation {
  readonly state: CloseState
  readonly close: PendingClose
  readonly passed: Passed
  readonly context: Context
  /** How the close ended, by the reports of its pages. */
  readonly known: KnownOutcome
  /** Whether another CCP of the agent is open. */
  readonly presence: ReturnType<typeof ccpPresenceOf>
}

/** What is done next about a close that has settled: the first of these that has an answer decides. */
export function nextStepOf(
  state: CloseState,
  close: PendingClose,
  { now, passed }: { now: number; passed: Passed },
  context: Context,
): NextStep {
  const known = knownOutcomeOf(close, context)
  const situation = { state, close, passed, context, known, presence: ccpPresenceOf(state, close, now) }
  return (
    withoutNeed(situation) ??
    onceItHasEnded(situation) ??
    whereItWasDeferred(situation) ??
    whileItsPageIsOpen(situation) ??
    withoutMeans(situation) ??
    whileAnotherCcpIsOpen(situation) ??
    byTheBackground(situation)
  )
}

const isObserved = ({ known }: Situation): boolean => known.reason === 'mode_observe'
const hasOpenPage = ({ close }: Situation): boolean => close.documents.some(({ gone }) => gone === null)

/** Nothing is to be found out, or the settings leave the agent alone. */
function withoutNeed(situation: Situation): NextStep | null {
  const { close, context, known } = situation
  const { outcome, reason } = known
  const before = stateBefore(close)
  const isNeeded =
    deferReasonOf(close, context.rulesOf) !== null ||
    outcome === 'accepted' ||
    ((outcome === 'unconfirmed' || outcome === 'failed') && reason !== 'no_offline_state') ||
    // A contact has the state now; when it ends, the agent may be Available with nobody there. What the settings exclude has a
    // reason of its own.
    (reason === 'not_routable' && before !== null && isOfContact(before)) ||
    isObserved(situation)
  if (!isNeeded) return finalize(null)
  if (context.mode !== (isObserved(situation) ? 'observe' : 'act')) return inAnotherMode(situation)
  const veto = isObserved(situation) ? null : notNeededBy(close, context)
  if (veto !== null) return finalize({ veto })
  const { agent } = leadOf(close)
  return agent === null || exclusionOf(agent, rulesOfClose(close, context.rulesOf)) !== null ? finalize(null) : null
}

/** What a page has deferred, and the background has begun, nobody does in mode `observe`. */
function inAnotherMode({ close, context }: Situation): NextStep {
  const { check } = close
  const isBegun = check !== null && check.end === null && deferReasonOf(close, context.rulesOf) !== null
  if (!isBegun || context.mode !== 'observe') return finalize(null)
  return check.isAsking ? WAIT : finalize('forbidden')
}

/** What was begun has ended: a recovery is looked at; after a refused check a recovery may follow. */
function onceItHasEnded({ close, context }: Situation): NextStep | null {
  const { check, recovery } = close
  if (recovery?.end) return recovery.end.reported !== null && mayLook(close, context) ? LOOK : finalize(null)
  const end = check?.end ?? null
  return end !== null && (end.confirmed || end.reason !== 'refused') ? finalize(null) : null
}

/** The page has left it to a reload, or to another CCP: these have their time to come, or to act. */
function whereItWasDeferred(situation: Situation): NextStep | null {
  const { state, close, passed, context, presence } = situation
  const deferReason = deferReasonOf(close, context.rulesOf)
  if (deferReason !== 'reload' && deferReason !== 'other_ccp') return null
  if (presence === 'present' || hasOpenPage(situation)) return finalize(null)
  if (isAwaited(state, close, passed, context)) return WAIT
  return isTakenOver(state, close, context.rulesOf) ? finalize(null) : null
}

/**
 * Nobody but the page acts on an agent whose CCP is open: otherwise a state that they have chosen would be overruled from outside.
 */
function whileItsPageIsOpen(situation: Situation): NextStep | null {
  const { close, context, known } = situation
  const maySee = mayLook(close, context)
  if (offlineWhileOpenOf(close) !== null) {
    const hasEnded = close.check !== null && close.check.end !== null
    if (known.outcome !== 'accepted' || hasEnded) return finalize(null)
    return maySee ? LOOK : finalize('forbidden')
  }
  if (!hasOpenPage(situation)) return null
  // A page that stays, or the next one in the tab, restores the status: afterwards Offline cannot be seen any more.
  const isRestoreDue = close.documents.some((doc) => restoreOf(doc) !== null)
  return known.evidence === 'snapshot' && !isRestoreDue && maySee ? LOOK : finalize('agent_present')
}

/** The background cannot ask: it has not the page's session; or it has looked once, which is all that mode `observe` allows. */
function withoutMeans(situation: Situation): NextStep | null {
  const { close, context } = situation
  const hasEnded = close.check !== null && close.check.end !== null
  if (isObserved(situation) && (!hasOwnCookies(close) || !context.mayAsk || hasEnded)) return finalize(null)
  // Without the CCP's cookies, the background asks with the token that the page has lent, if it has.
  return !hasOwnCookies(close) && !context.mayAsk ? finalize('separate_cookies') : null
}

/** The agent is back, or never left. */
function whileAnotherCcpIsOpen({ state, close, context, known, presence }: Situation): NextStep | null {
  if (presence !== 'present') return null
  if (isUntried(close) && wasOneOfSeveral(state, close)) return finalize('other_ccp')
  const isReloaded = close.documents.some(({ successor }) => successor === 'reload')
  const isLookAtMost = close.check === null || close.check.isLook === true
  const isToBeSeen = known.evidence === 'snapshot' && !isReloaded && isLookAtMost && mayLook(close, context)
  return isToBeSeen ? LOOK : finalize('agent_present')
}

/** Nobody is there: the background checks the close, or, where it may not, a CCP may set the agent Offline. */
function byTheBackground({ close, passed, context, presence }: Situation): NextStep {
  if (isUnknown(close, context)) return presence === 'unknown' ? WAIT : finalize(null)
  const { recovery } = close
  const end = close.check?.end ?? null
  // A CCP that is only offered runs beside the check.
  const isBlocked = (recovery !== null && recovery.status !== 'offered') || end !== null || !context.mayAsk
  if (!isBlocked) return presence === 'unknown' && close.check === null ? WAIT : CHECK
  const isGivenUp = recovery !== null && recovery.status !== 'under_way' && passed(recovery.since, OFFER_MS)
  if (!isRecoverable(close, context) || isGivenUp) return finalize(end === null ? 'forbidden' : null)
  return recovery === null && presence === 'unknown' ? WAIT : RECOVER
}

/**
 * Whether nobody knows what the close has left: its page no longer saw the agent, who took no contacts when it last did. With nothing
 * to compare it with, an answer of the instance would decide nothing: the agent is flagged.
 */
function isUnknown(close: PendingClose, { rulesOf }: Context): boolean {
  const lead = leadOf(close)
  if (lead.agent === null || !hasLostSight(lead)) return false
  const { fromStates, onContact } = rulesOfClose(close, rulesOf)
  return !isFromState(lead.agent.state, fromStates) && !(isOccupied(lead.agent) && onContact === 'after')
}

/** Whether the background can look if a page's report is true, and has not done so. */
function mayLook({ check, recovery }: PendingClose, { mayAsk }: Context): boolean {
  // Where the instance has refused all calls, another call says no more; nor where the settings let the background ask nothing.
  const isRefused = recovery !== null && check === null
  return mayAsk && !isRefused && (check === null || check.end === null)
}

/**
 * Whether a CCP may be opened to set the agent of a close Offline, whether its check has ended or is still being refused. Not for
 * a close that Connect has accepted: nobody is flagged for it, and nothing has contradicted it. Nor without the browser's own
 * session, nor for an agent whose state a close does not change.
 */
export function isRecoverable(close: PendingClose, context: Context): boolean {
  const { recoveryUse, rulesOf } = context
  const before = stateBefore(close)
  const mayChangeState = before !== null && isFromState(before, rulesOfClose(close, rulesOf).fromStates)
  const isAccepted = knownOutcomeOf(close, context).outcome === 'accepted'
  return recoveryUse !== 'never' && !isAccepted && hasOwnCookies(close) && mayChangeState
}

/** Why the settings exclude an agent whose page could report nothing, or whose contact is waited for; null where they do not. */
function notNeededBy(close: PendingClose, { rulesOf }: Context): NotNeededReason | null {
  const { agent, protection } = leadOf(close)
  const isSilent = close.documents.every(({ closing }) => closing === null)
  if (agent === null || (!isSilent && deferReasonOf(close, rulesOf) !== 'contact_first')) return null
  // By the agent's last facts, and not by the state at the close.
  return nothingToDo({ agent, closing: null, protection }, rulesOfClose(close, rulesOf))?.reason ?? null
}

/** Whether a CCP of the agent may still be reloading: that of this close, or another that went at about that time. */
function isAwaited(state: CloseState, close: PendingClose, passed: Passed, { rulesOf, graceMs }: Context): boolean {
  const key = keyOf(leadOf(close))
  return pendingCloses(state).some(
    (other) =>
      keyOf(leadOf(other)) === key && deferReasonOf(other, rulesOf) === 'reload' && mayComeBack(other, passed, graceMs),
  )
}

/** Whether the page of this close may still be reloading. */
function mayComeBack(close: PendingClose, passed: Passed, graceMs: number): boolean {
  const hasLeft = close.documents.some((doc) => doc.tabRemoved !== null || doc.gone?.by === 'run_ended')
  const end = endedAt(close)
  return !hasLeft && (end === null || !passed(end, graceMs))
}

/** Whether no page of the close has reported what it did, or could have done anything. */
function isUntried({ documents }: PendingClose): boolean {
  return documents.every(({ closing }) => closing === null || closing.report.did.action === 'cannot')
}

/** Whether another CCP of the agent was open before the close, and still is. */
function wasOneOfSeveral(state: CloseState, close: PendingClose): boolean {
  const lead = leadOf(close)
  return Object.values(state.documents).some(
    (doc) =>
      isOpen(doc) &&
      keyOf(doc) === keyOf(lead) &&
      doc.openedAt <= close.startedAt &&
      doc.place?.tabId !== lead.place?.tabId,
  )
}
