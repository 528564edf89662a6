/** When a close has settled, and how its next step is begun, which next-step.ts chooses: a look, a check, a recovery or its verdict. */
import { isOccupied } from '../agent'
import type { Passed } from '../clock'
import { waitsOver } from '../clock'
import type { Amendment, LogEntry } from '../log-entry'
import { isLeftAvailable, needsAttention } from '../log-entry'
import type { Check } from '../check'
import { failuresOf, isDue, isRefusedForLong, startLook, startCheck } from '../check'
import type { PendingClose } from './closes'
import { acceptedAt, endedAt, hasBegun, leadOf, deferReasonOf } from './close-facts'
import { pendingCloses, withCloses } from './closes'
import { LOADING_MS, ORPHAN_MS, SETTLE_MS, isUnreachable } from './agent-presence'
import { takesOver } from './takes-over'
import type { Close } from './close'
import { closeOfEntry, updatePending, withAliases } from './close'
import { causeOf } from './cause'
import { entryOfClose } from './close-entry'
import { knownOutcomeOf } from './known-outcome'
import { mapDocuments, withGone } from './documents'
import { withDuty, withDutiesOf, withoutOverdue } from './duties'
import { flagOf, withoutFlag } from './flags'
import { withoutForgotten } from './forgotten'
import type { Context } from './context'
import type { FinalizeReason } from './next-step'
import { isRecoverable, nextStepOf } from './next-step'
import type { TabStatus } from './events'
import { withoutTimedOutRecovery, withRecovery } from './recovery'
import type { CcpDocument } from './ccp-document'
import type { CloseState } from './state'

/** Waiting for a contact is normal, and a short outage is over soon: a close is flagged only after so many failed looks. */
const FLAG_AFTER_FAILURES = 3
/** And not before its check has gone on for this long since it began, or since a contact was last seen, in ms. */
const FLAG_AFTER_MS = 5_000
/** How long an accepted state may take to show in the page's own snapshots, in ms. */
const SEEN_MS = 5_000
/** For how long a finalized close is known by its aliases: longer than a page takes to come back, in ms. */
const REMEMBERED_MS = 150_000

export interface Reduction {
  readonly state: CloseState
  /** The entries of what this event finalized: closes, and what has an entry without one. Store them with the state (`unlogged`); the engine writes them to the log afterwards. */
  readonly finalized: readonly LogEntry[]
  /** What became known of closes whose entries may have been written already. */
  readonly amendments: readonly Amendment[]
}

/** Finalizes each close that has settled, after the check or the recovery that it needs. */
export function settle(state: CloseState, now: number, seen: TabsSeen, context: Context): Reduction {
  const finalized: LogEntry[] = []
  const passed = waitsOver(now, seen.isNow)
  const facts = mapDocuments(state, (doc) => withoutOrphan(doc, passed, seen.holding))
  let next = withoutTimedOutRecovery(withCloses(facts), now, passed)
  for (const close of pendingCloses(next)) {
    if (!hasSettled(close, passed, seen.tabs, context)) continue
    const nextStep = nextStepOf(next, close, { now, passed }, context)
    // What begins now begins at the current time: the time of a message may be long past.
    const mayBegin = seen.isNow || hasBegun(close)
    switch (nextStep.step) {
      case 'wait':
        continue
      case 'look':
        if (mayBegin && !close.check?.isLook)
          next = updatePending(next, close.id, (one) => ({ ...one, check: startLook(now) }))
        continue
      case 'check':
        if (mayBegin) next = withCheckUnderWay(next, close, now, context)
        continue
      case 'recover':
        if (mayBegin) next = withRecoveryOf(next, close, now, context)
        continue
      case 'finalize':
        break
    }
    const finished = finalize(next, close, now, context, nextStep.why)
    next = finished.state
    finalized.push(finished.entry)
  }
  const remembered = withoutForgotten(withoutOverdue(next, now, passed), now, passed, context)
  return { state: withoutFinalized(remembered, passed), finalized, amendments: [] }
}

/** Has a CCP set the agent of a close Offline, and flags them until it has. */
function withRecoveryOf(state: CloseState, close: PendingClose, now: number, context: Context): CloseState {
  const { recoveryUse } = context
  const next = recoveryUse === 'never' ? state : withRecovery(state, close, now, recoveryUse)
  return close.isDismissed ? next : withFlag(next, close, entryOfClose(close, context))
}

/** Gives a close its verdict and its entry, and begins the duties that follow. */
export function finalize(
  state: CloseState,
  close: PendingClose,
  now: number,
  context: Context,
  why: FinalizeReason = null,
): { state: CloseState; entry: LogEntry } {
  const entry = entryOfClose(close, context, why)
  // The agent's open CCP is responsible for them: earlier closes stay pending on their own.
  const isHandedOn = why === 'agent_present' && entry.outcome !== 'confirmed'
  const marked = isHandedOn ? state : withEarlierTakenOver(state, close, context)
  const next = withVerdict(marked, close, entry, now)
  const isCalm = !needsAttention(entry) && !isLeftAvailable(entry)
  const calm = isCalm ? withoutFlag(next, entry, close) : next
  return { state: withDutiesOf(calm, close, entry, now, context), entry }
}

/** Flags the agent of a close before its end. What its page has left to others is open: nobody has done it yet. */
function withFlag(state: CloseState, close: PendingClose, entry: LogEntry): CloseState {
  const isLeftToOthers = entry.outcome === 'not_needed' && entry.would === undefined
  const flag = flagOf(state, close, isLeftToOthers ? { ...entry, outcome: 'unconfirmed' } : entry)
  return flag === null ? state : withDuty(state, close.id, flag)
}

/** Marks the agent's earlier pending closes as taken over: the mark outlives this close's documents. */
function withEarlierTakenOver(state: CloseState, close: PendingClose, { rulesOf }: Context): CloseState {
  const earlier = pendingCloses(state).filter((other) => takesOver(close, other, rulesOf))
  return earlier.reduce((next, { id }) => updatePending(next, id, (one) => ({ ...one, isTakenOver: true })), state)
}

/**
 * Begins a check, or goes on with it. A close whose check takes long is flagged before it ends, so that somebody can do something
 * meanwhile.
 */
function withCheckUnderWay(state: CloseState, close: PendingClose, now: number, context: Context): CloseState {
  const { check } = close
  if (check === null) {
    const { agent } = leadOf(close)
    const hadContact = agent !== null && isOccupied(agent)
    const isAccepted = knownOutcomeOf(close, context).outcome === 'accepted'
    const begun = startCheck(now, { hadContact, observes: context.mode === 'observe', isAccepted })
    return updatePending(state, close.id, (one) => ({ ...one, check: begun }))
  }
  const helped = withHelp(state, close, check, now, context)
  const since = check.waiting?.seenAt ?? check.startedAt
  const isLong = failuresOf(check) >= FLAG_AFTER_FAILURES && now - since >= FLAG_AFTER_MS
  // Not while the instance is asked: the answer may make the flag needless.
  const isAskedNow = check.isAsking || isDue(check, now)
  if (!isLong || isAskedNow || close.isDismissed) return helped
  const entry = entryOfClose(close, context)
  // What Connect has accepted counts until something contradicts it.
  return entry.outcome === 'accepted' ? helped : withFlag(helped, close, entry)
}

/** Offers a CCP beside the check, where the instance keeps refusing the background. */
function withHelp(state: CloseState, close: PendingClose, check: Check, now: number, context: Context): CloseState {
  if (context.recoveryUse === 'never' || !isRefusedForLong(check, now)) return state
  return isRecoverable(close, context) ? withRecovery(state, close, now, context.recoveryUse) : state
}

/** What a look at the browser's tabs has shown; empty where there was none. */
export interface TabsSeen {
  /** Whether the event bears the current time, and not that of a message. */
  readonly isNow: boolean
  readonly tabs: Readonly<Record<number, TabStatus>>
  /** The documents of earlier runs that their tabs still hold: unprotected, but not gone. */
  readonly holding: readonly string[]
}

/** An orphan that no content script has claimed went with the run that it belonged to. */
function withoutOrphan(doc: CcpDocument, passed: Passed, holding: readonly string[]): CcpDocument {
  if (isUnreachable(doc, passed)) return withGone(doc, doc.closing?.at ?? doc.lastSeenAt, 'no_answer')
  if (holding.includes(doc.docId)) return doc
  return doc.orphanedAt === null || !passed(doc.orphanedAt, ORPHAN_MS)
    ? doc
    : withGone(doc, doc.lastSeenAt, 'run_ended')
}

function hasSettled(
  close: PendingClose,
  passed: Passed,
  tabs: Readonly<Record<number, TabStatus>>,
  context: Context,
): boolean {
  const end = endedAt(close)
  if (end === null) return false
  // The page itself has said that it stays. The next close may come at once; an answer that is late becomes an amendment.
  if (close.documents.every((doc) => doc.stayedAt !== null)) return !mayBeSeenYet(close, passed, context)
  if (close.open.length === 0 && isOutcomeSettled(close, context) && causeOf(close) !== null) return true
  if (!passed(end, SETTLE_MS)) return false
  const tabId = close.documents[0].place?.tabId
  const loading = tabId !== undefined && tabs[tabId] === 'loading' && causeOf(close) === null
  return !loading || passed(end, LOADING_MS)
}

/** Whether an accepted state may still show in a snapshot of a page that stays. */
function mayBeSeenYet(close: PendingClose, passed: Passed, context: Context): boolean {
  const at = acceptedAt(close)
  return at !== null && knownOutcomeOf(close, context).evidence === 'call_answered' && !passed(at, SEEN_MS)
}

/** Whether nothing that may still arrive could change the outcome. */
function isOutcomeSettled(close: PendingClose, context: Context): boolean {
  const { outcome, would } = knownOutcomeOf(close, context)
  const haveSpoken = close.documents.every((doc) => doc.closing !== null)
  // An observed close is looked at when it has settled.
  return (
    haveSpoken &&
    would === undefined &&
    deferReasonOf(close, context.rulesOf) === null &&
    (outcome === 'accepted' || outcome === 'not_needed')
  )
}

/** Gives a close its verdict and drops its documents, except those that stay: they begin again. */
function withVerdict(state: CloseState, close: PendingClose, entry: LogEntry, now: number): CloseState {
  const documents = { ...state.documents }
  const ended = { ...state.ended }
  for (const doc of close.documents) {
    if (doc.gone === null) {
      if (doc.closing !== null) ended[doc.closing.report.closeId] = now
      documents[doc.docId] = { ...doc, closing: null, result: null, stayedAt: null, timeline: [] }
    } else {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of our own, and JSON must not keep the key
      delete documents[doc.docId]
      ended[doc.docId] = now
    }
  }
  const names = close.documents.flatMap(({ docId, closing }) => [
    docId,
    ...(closing === null ? [] : [closing.report.closeId]),
  ])
  const { attempts, aliases } = close
  const { duties = [] } = state.closes[close.id] ?? {}
  const finalized = withAliases({ ...closeOfEntry(entry, now), attempts, duties }, [...aliases, ...names])
  return { ...state, documents, ended, closes: { ...state.closes, [close.id]: finalized } }
}

/** Forgets closes from which nothing follows, and about which no late message can come. */
function withoutFinalized(state: CloseState, passed: Passed): CloseState {
  const isKept = ({ verdict, duties }: Close): boolean =>
    verdict === null || duties.length > 0 || !passed(verdict.at, REMEMBERED_MS)
  const closes = Object.values(state.closes)
  if (closes.every(isKept)) return state
  return { ...state, closes: Object.fromEntries(closes.filter(isKept).map((close) => [close.id, close])) }
}
