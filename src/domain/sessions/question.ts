/** What is still to be found out about a close that is over, before it has its entry. */
import { isOfContact } from '../agent'
import type { CloseRules } from '../close-rules'
import { exclusionOf, isFromState } from '../close-rules'
import type { Passed } from '../clock'
import type { NotNeededReason } from '../decide-close'
import { decideClose } from '../decide-close'
import type { Mode, RecoveryUse } from '../settings'
import type { UnverifiedReason } from '../verification'
import { GIVE_UP_MS } from '../verification'
import type { PendingClose } from './closes'
import {
  signOffKindOf,
  endedAt,
  isBorne,
  leadOf,
  leftBecause,
  pendingCloses,
  presenceOf,
  recoveryOf,
  stateBefore,
  verificationOf,
} from './closes'
import { endingOfClose } from './ending'
import { rulesOfClose } from './in-scope'
import type { DocumentHeader } from './ccp-document'
import type { SessionsState } from './state'
import { isOpen, keyOf } from './ccp-document'

/** What the machine must know of the world besides events. */
export interface Context {
  readonly extensionVersion: string
  /** In mode `act` the instance is asked after a close, and a state set; in `observe` it is asked once. */
  readonly mode: Mode
  /** Whether the background may ask the instance at all. */
  readonly mayAsk: boolean
  /** What is done where only a CCP can still set an agent Offline. */
  readonly recovery: RecoveryUse
  /** How long a page that is loaded anew may take, in ms. */
  readonly graceMs: number
  /** Whether agents are logged out after their last close; absent: not. */
  readonly logsOut?: boolean
  /** What the settings say of closes of a document: whom they leave alone is left alone by everything that follows. */
  readonly rules: (doc: DocumentHeader) => CloseRules
}

/** Why a close is over with nothing done: the settings leave its agent alone. */
export interface Kept {
  readonly kept: NotNeededReason
}

/** Why a close that was not verified is over; `other_ccp`: another CCP of the agent is there after all. */
export type Unverified = UnverifiedReason | Kept | 'other_ccp' | null

/**
 * What is still to be found out about a close that is over: `verify` asks the instance, `recover` has a CCP do so, `wait`
 * goes on as it is, null means nothing, and a reason says why nothing can be, or need be.
 */
export function questionOf(
  state: SessionsState,
  close: PendingClose,
  { now, passed }: { now: number; passed: Passed },
  context: Context,
): 'verify' | 'recover' | 'wait' | Unverified {
  const { outcome, reason } = endingOfClose(close, context)
  const before = stateBefore(close)
  const lead = leadOf(close)
  const rules = rulesOfClose(close, context.rules)
  const isObserved = reason === 'mode_observe'
  const left = leftBecause(close, context.rules)
  const isOpenQuestion =
    left !== null ||
    ((outcome === 'unconfirmed' || outcome === 'failed') && reason !== 'no_offline_state') ||
    // A contact has the state now; when it ends, the agent may be Available with nobody there. What the settings leave
    // alone has a reason of its own.
    (reason === 'not_routable' && before !== null && isOfContact(before)) ||
    isObserved
  if (!isOpenQuestion || context.mode !== (isObserved ? 'observe' : 'act')) return null
  const kept = isObserved ? null : keptBy(close, context)
  if (kept !== null) return { kept }
  if (lead.agent === null || exclusionOf(lead.agent, rules) !== null) return null
  const recovery = recoveryOf(close)
  const end = verificationOf(close)?.end ?? null
  if (recovery?.end || (end !== null && (end.confirmed || end.reason !== 'refused'))) return null
  const presence = presenceOf(state, close, now)
  if (left === 'reload' || left === 'other_ccp') {
    if (presence === 'present' || close.documents.some((doc) => doc.gone === null)) return null
    if (isAwaited(state, close, passed, context)) return 'wait'
    if (isBorne(state, close, context.rules)) return null
  }
  // Nobody but the page acts on an agent whose CCP is open: a state that they chose would be overruled from outside.
  if (signOffKindOf(close) !== null) return null
  if (close.documents.some((doc) => doc.gone === null)) return 'agent_present'
  const hasOwnCookies = close.documents.every((doc) => doc.place?.ownCookies !== false)
  // One look with the browser's own session, and no more; nothing is opened.
  if (isObserved && (!hasOwnCookies || !context.mayAsk || end !== null)) return null
  // Otherwise it is asked with the token that the page has lent, if it has.
  if (!hasOwnCookies && !context.mayAsk) return 'separate_cookies'
  if (presence === 'present') return isUntried(close) && wasOneOfSeveral(state, close) ? 'other_ccp' : 'agent_present'
  const isBlocked = recovery !== null || end !== null || !context.mayAsk
  if (!isBlocked) return presence === 'unknown' && verificationOf(close) === null ? 'wait' : 'verify'
  // A CCP that we open has the browser's own session; and who takes no contacts is no worse off for waiting.
  const isStillTheirs = before !== null && isFromState(before, rules.fromStates)
  const isRecoverable = context.recovery !== 'never' && hasOwnCookies && isStillTheirs
  const isGivenUp = recovery !== null && recovery.status !== 'under_way' && now >= recovery.since + GIVE_UP_MS
  if (!isRecoverable || isGivenUp) return end === null ? 'forbidden' : null
  return recovery === null && presence === 'unknown' ? 'wait' : 'recover'
}

/**
 * Why the settings leave an agent alone whose page could say nothing, or who is waited for until their contact has ended:
 * as they would have, had the page been there. null where they do not.
 */
function keptBy(close: PendingClose, { rules }: Context): NotNeededReason | null {
  const { agent } = leadOf(close)
  const isSilent = close.documents.every(({ closing }) => closing === null)
  if (agent === null || (!isSilent && leftBecause(close, rules) !== 'contact_first')) return null
  const moment = { event: 'crash', hint: null, otherCcps: 0, lastWindow: false } as const
  const decision = decideClose(agent, rulesOfClose(close, rules), moment)
  return decision.action === 'none' ? decision.reason : null
}

/** Whether a CCP of the agent's may still be loaded anew: the one of this close, or another that went at about that time. */
function isAwaited(state: SessionsState, close: PendingClose, passed: Passed, { rules, graceMs }: Context): boolean {
  const key = keyOf(leadOf(close))
  return pendingCloses(state).some(
    (other) =>
      keyOf(leadOf(other)) === key && leftBecause(other, rules) === 'reload' && mayComeBack(other, passed, graceMs),
  )
}

/** Whether a page may still be loaded anew where the close was. */
function mayComeBack(close: PendingClose, passed: Passed, graceMs: number): boolean {
  const hasLeft = close.documents.some((doc) => doc.tabRemoved !== null || doc.gone?.by === 'run_ended')
  const end = endedAt(close)
  return !hasLeft && (end === null || !passed(end, graceMs))
}

/** Whether no page of it has said what it did, or could have done anything. */
function isUntried({ documents }: PendingClose): boolean {
  return documents.every(({ closing }) => closing === null || closing.report.did.action === 'cannot')
}

/** Whether another CCP of the agent, which is still there, was there before the close. */
function wasOneOfSeveral(state: SessionsState, close: PendingClose): boolean {
  const lead = leadOf(close)
  return Object.values(state.documents).some(
    (doc) =>
      isOpen(doc) &&
      keyOf(doc) === keyOf(lead) &&
      doc.openedAt <= close.startedAt &&
      doc.place?.tabId !== lead.place?.tabId,
  )
}

/** Whether it is being asked about, or a recovery was offered. */
export function hasBegun(close: PendingClose): boolean {
  return verificationOf(close) !== null || recoveryOf(close) !== null
}
