/** What is still to be found out about a close that is over, before it has its entry. */
import { isOfContact } from '../agent'
import { exclusionOf, isFromState } from '../close-rules'
import type { Passed } from '../clock'
import { OFFER_MS } from '../recovery-order'
import type { PendingClose } from './closes'
import { deferReasonOf, endedAt, hasOwnCookies, leadOf, offlineWhileOpenOf, stateBefore } from './close-facts'
import { pendingCloses } from './closes'
import { presenceOf } from './agent-presence'
import { restoreOf } from './restore-duty'
import { restBecause } from './silent'
import { isSuperseded } from './supersedes'
import { knownOutcomeOf } from './known-outcome'
import { rulesOfClose } from './in-scope'
import type { Context } from './context'
import type { CloseState } from './state'
import { isOpen, keyOf } from './ccp-document'
import type { NotNeededReason, UnverifiedReason } from '../reasons'

/** The settings exclude the agent of a close: it is over with nothing done. */
export interface SettingsVeto {
  readonly veto: NotNeededReason
}

/** Why a close that was not verified is over; `other_ccp`: another CCP of the agent is there after all. */
export type Unverified = UnverifiedReason | SettingsVeto | 'other_ccp' | null

/**
 * What is still to be found out about a close that is over. `verify` asks the instance; `look` asks only whether the page's
 * report is true; `recover` has a CCP set the agent Offline; `wait` continues what was begun. null: nothing; a reason: why
 * nothing can be found out, or need be.
 */
export function nextStepOf(
  state: CloseState,
  close: PendingClose,
  { now, passed }: { now: number; passed: Passed },
  context: Context,
): 'verify' | 'look' | 'recover' | 'wait' | Unverified {
  const { outcome, evidence, reason } = knownOutcomeOf(close, context)
  const before = stateBefore(close)
  const lead = leadOf(close)
  const rules = rulesOfClose(close, context.rules)
  const isObserved = reason === 'mode_observe'
  const deferReason = deferReasonOf(close, context.rules)
  const needsNextStep =
    deferReason !== null ||
    outcome === 'accepted' ||
    ((outcome === 'unconfirmed' || outcome === 'failed') && reason !== 'no_offline_state') ||
    // A contact has the state now; when it ends, the agent may be Available with nobody there. What the settings exclude has a
    // reason of its own.
    (reason === 'not_routable' && before !== null && isOfContact(before)) ||
    isObserved
  if (!needsNextStep || context.mode !== (isObserved ? 'observe' : 'act')) return null
  const veto = isObserved ? null : notNeededBy(close, context)
  if (veto !== null) return { veto }
  if (lead.agent === null || exclusionOf(lead.agent, rules) !== null) return null
  const { recovery } = close
  const end = close.check?.end ?? null
  if (recovery?.end) return recovery.end.reported !== null && mayLook(close, context) ? 'look' : null
  if (end !== null && (end.confirmed || end.reason !== 'refused')) return null
  const presence = presenceOf(state, close, now)
  if (deferReason === 'reload' || deferReason === 'other_ccp') {
    if (presence === 'present' || close.documents.some((doc) => doc.gone === null)) return null
    if (isAwaited(state, close, passed, context)) return 'wait'
    if (isSuperseded(state, close, context.rules)) return null
  }
  // Nobody but the page acts on an agent whose CCP is open: otherwise a state that they have chosen would be overruled from
  // outside.
  if (offlineWhileOpenOf(close) !== null) {
    if (outcome !== 'accepted' || end !== null) return null
    return mayLook(close, context) ? 'look' : 'forbidden'
  }
  // A page that stays, or the next one in the tab, restores the status: afterwards Offline cannot be seen any more.
  const isSeen = evidence === 'snapshot'
  if (close.documents.some((doc) => doc.gone === null)) {
    const isRestoreDue = close.documents.some((doc) => restoreOf(doc) !== null)
    return isSeen && !isRestoreDue && mayLook(close, context) ? 'look' : 'agent_present'
  }
  // In mode `observe`: one look with the browser's own session, and no more; nothing is opened.
  if (isObserved && (!hasOwnCookies(close) || !context.mayAsk || end !== null)) return null
  // Without the CCP's cookies, the background asks with the token that the page has lent, if it has.
  if (!hasOwnCookies(close) && !context.mayAsk) return 'separate_cookies'
  if (presence === 'present') {
    if (isUntried(close) && wasOneOfSeveral(state, close)) return 'other_ccp'
    const isReloaded = close.documents.some(({ successor }) => successor === 'reload')
    const isLookAtMost = close.check === null || close.check.isLook === true
    return isSeen && !isReloaded && isLookAtMost && mayLook(close, context) ? 'look' : 'agent_present'
  }
  // A CCP that is only offered runs beside the check.
  const isBlocked = (recovery !== null && recovery.status !== 'offered') || end !== null || !context.mayAsk
  if (!isBlocked) return presence === 'unknown' && close.check === null ? 'wait' : 'verify'
  const mayRecover = isRecoverable(close, context)
  const isGivenUp = recovery !== null && recovery.status !== 'under_way' && passed(recovery.since, OFFER_MS)
  if (!mayRecover || isGivenUp) return end === null ? 'forbidden' : null
  return recovery === null && presence === 'unknown' ? 'wait' : 'recover'
}

/** Whether the background can check a page's report, and has not done so. */
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
  const { recovery, rules } = context
  const before = stateBefore(close)
  const isStillTheirs = before !== null && isFromState(before, rulesOfClose(close, rules).fromStates)
  const isAccepted = knownOutcomeOf(close, context).outcome === 'accepted'
  return recovery !== 'never' && !isAccepted && hasOwnCookies(close) && isStillTheirs
}

/**
 * Why the settings exclude an agent whose page could report nothing, or whose contact is waited for: as they would have, had the
 * page been there. null where they do not.
 */
function notNeededBy(close: PendingClose, { rules }: Context): NotNeededReason | null {
  const { agent } = leadOf(close)
  const isSilent = close.documents.every(({ closing }) => closing === null)
  if (agent === null || (!isSilent && deferReasonOf(close, rules) !== 'contact_first')) return null
  // By the agent's last facts, and not by the state at the close.
  return restBecause({ agent, closing: null }, rulesOfClose(close, rules))?.reason ?? null
}

/** Whether a CCP of the agent may still be reloading: that of this close, or another that went at about that time. */
function isAwaited(state: CloseState, close: PendingClose, passed: Passed, { rules, graceMs }: Context): boolean {
  const key = keyOf(leadOf(close))
  return pendingCloses(state).some(
    (other) =>
      keyOf(leadOf(other)) === key && deferReasonOf(other, rules) === 'reload' && mayComeBack(other, passed, graceMs),
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
