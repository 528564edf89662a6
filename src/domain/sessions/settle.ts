/** The end of the close state machine: when a close is over, whether it must be verified first, and its entry and flag. */
import { isOccupied } from '../agent'
import type { Passed } from '../clock'
import { waitsOver } from '../clock'
import type { Amendment, LogEntry } from '../log-entry'
import { isLeftAvailable, needsAttention } from '../log-entry'
import { failuresOf, startVerification } from '../verification'
import type { PendingClose } from './closes'
import {
  bears,
  endedAt,
  isGhost,
  leadOf,
  leftBecause,
  LOADING_MS,
  ORPHAN_MS,
  pendingCloses,
  SETTLE_MS,
  verificationOf,
} from './closes'
import { causeOf } from './cause'
import { conclude } from './conclude'
import { endingOfClose } from './ending'
import { mapDocuments, update, withGone } from './documents'
import { isDismissed, withFlag, withoutFlag } from './flags'
import type { Context, Unverified } from './question'
import { hasBegun, questionOf } from './question'
import type { TabStatus } from './events'
import { withoutOldRequests } from './fence'
import { withLogOut, withoutOldLogOuts } from './log-out'
import { withoutOldCloses } from './recent'
import { withinTime, withRecovery } from './recovery'
import type { CcpDocument } from './ccp-document'
import type { SessionsState } from './state'

/** Whoever waits for a contact waits for what is to be waited for: only what fails is told. */
const FLAG_AFTER_FAILURES = 3
/** How long late news of a finished document is recognised as such: mail may lie in its box until the next start. */
const ENDED_MS = 7 * 24 * 60 * 60_000

export interface Reduction {
  readonly state: SessionsState
  /** The closes that this event concluded. Write them to the log before the state is stored: the state forgets them. */
  readonly concluded: readonly LogEntry[]
  /** What became known of closes whose entries may be written already. */
  readonly amendments: readonly Amendment[]
}

/** Concludes every close that is over, and has the others verified that call for it. */
export function settle(state: SessionsState, now: number, seen: TabsSeen, context: Context): Reduction {
  const concluded: LogEntry[] = []
  const passed = waitsOver(now, seen.isNow)
  let next = withinTime(
    mapDocuments(state, (doc) => withoutOrphan(doc, passed, seen.holding)),
    now,
    passed,
  )
  for (const close of pendingCloses(next)) {
    if (!isOver(close, passed, seen.tabs, context)) continue
    const question = questionOf(next, close, { now, passed }, context)
    if (question === 'wait') continue
    // What begins now begins at the time of now: that of a message may be long past.
    if ((question === 'verify' || question === 'recover') && !seen.isNow && !hasBegun(close)) continue
    if (question === 'verify') {
      next = withVerification(next, close, now, context)
      continue
    }
    if (question === 'recover') {
      if (context.recovery !== 'never') next = withRecovery(next, close, now, context.recovery)
      if (!isDismissed(close)) next = withFlag(next, conclude(close, context), close)
      continue
    }
    const finished = finish(next, close, now, context, question)
    next = finished.state
    concluded.push(finished.entry)
  }
  const remembered = withoutOldCloses(withoutForgotten(next, now, passed), passed)
  const kept = withoutOldRequests(withoutOldLogOuts(remembered, now), now)
  return { state: kept, concluded, amendments: [] }
}

/** Writes the entry of a close, and forgets the close. */
export function finish(
  state: SessionsState,
  close: PendingClose,
  now: number,
  context: Context,
  unverified: Unverified = null,
): { state: SessionsState; entry: LogEntry } {
  const entry = conclude(close, context, unverified)
  const next = withoutClose(withBorne(state, close, context), close, now)
  if (!needsAttention(entry) && !isLeftAvailable(entry)) {
    const calm = withoutFlag(next, entry, close)
    return { state: context.logsOut ? withLogOut(calm, close, entry, now) : calm, entry }
  }
  // Who has dismissed the flag knows.
  return { state: isDismissed(close) ? next : withFlag(next, entry, close), entry }
}

/** The earlier closes of the agent that are pending still need not know that this one was over before them. */
function withBorne(state: SessionsState, close: PendingClose, { rules }: Context): SessionsState {
  const borne = pendingCloses(state).filter((other) => bears(close, other, rules))
  const docIds = new Set(borne.flatMap(({ documents }) => documents.map(({ docId }) => docId)))
  return docIds.size === 0
    ? state
    : mapDocuments(state, (doc) => (docIds.has(doc.docId) ? { ...doc, isBorne: true } : doc))
}

/** Begins to verify a close. One that goes on for long is flagged before it ends: somebody can do something meanwhile. */
function withVerification(state: SessionsState, close: PendingClose, now: number, context: Context): SessionsState {
  const verification = verificationOf(close)
  if (verification === null) {
    const { docId, agent } = leadOf(close)
    const hadContact = agent !== null && isOccupied(agent)
    const begun = startVerification(now, hadContact, context.mode === 'observe')
    return update(state, docId, (doc) => ({ ...doc, verification: begun }))
  }
  if (failuresOf(verification) < FLAG_AFTER_FAILURES || isDismissed(close)) return state
  return withFlag(state, conclude(close, context), close)
}

/** What a look at the browser's tabs has shown; nothing where none was taken. */
export interface TabsSeen {
  /** Whether the time of the event is the clock's of now, and not that of a message. */
  readonly isNow: boolean
  readonly tabs: Readonly<Record<number, TabStatus>>
  /** The documents of earlier runs that their tabs still hold: unprotected, but not gone. */
  readonly holding: readonly string[]
}

/** An orphan that no content script has claimed went with the run that it belonged to. */
function withoutOrphan(doc: CcpDocument, passed: Passed, holding: readonly string[]): CcpDocument {
  if (isGhost(doc, passed)) return withGone(doc, doc.closing?.at ?? doc.lastSeenAt, 'no_answer')
  if (holding.includes(doc.docId)) return doc
  return doc.orphanedAt === null || !passed(doc.orphanedAt, ORPHAN_MS)
    ? doc
    : withGone(doc, doc.lastSeenAt, 'run_ended')
}

function isOver(
  close: PendingClose,
  passed: Passed,
  tabs: Readonly<Record<number, TabStatus>>,
  context: Context,
): boolean {
  const end = endedAt(close)
  if (end === null) return false
  // Half a minute has gone by: no answer is on its way, and the next close may come at once.
  if (close.documents.every((doc) => doc.stayedAt !== null)) return true
  if (close.open.length === 0 && isOutcomeSettled(close, context) && causeOf(close) !== null) return true
  if (!passed(end, SETTLE_MS)) return false
  const tabId = close.documents[0].place?.tabId
  const loading = tabId !== undefined && tabs[tabId] === 'loading' && causeOf(close) === null
  return !loading || passed(end, LOADING_MS)
}

/** Whether nothing that may still arrive could change the outcome. */
function isOutcomeSettled(close: PendingClose, context: Context): boolean {
  const { outcome, would } = endingOfClose(close, context)
  const haveSpoken = close.documents.every((doc) => doc.closing !== null)
  // What was only observed is looked at when it has settled.
  return (
    haveSpoken &&
    would === undefined &&
    leftBecause(close, context.rules) === null &&
    (outcome === 'confirmed' || outcome === 'not_needed')
  )
}

function withoutClose(state: SessionsState, close: PendingClose, now: number): SessionsState {
  const documents = { ...state.documents }
  const ended = { ...state.ended }
  for (const doc of close.documents) {
    if (doc.gone === null) {
      if (doc.closing !== null) ended[doc.closing.report.closeId] = now
      documents[doc.docId] = {
        ...doc,
        closing: null,
        result: null,
        stayedAt: null,
        verification: null,
        recovery: null,
        seenOfflineAt: null,
        returned: null,
        isDismissed: false,
        isBorne: false,
        timeline: [],
      }
    } else {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a copy of our own, and JSON must not keep the key
      delete documents[doc.docId]
      ended[doc.docId] = now
    }
  }
  return { ...state, documents, ended }
}

/** Drops documents that went without ever having had an agent, and the memory of those long ended. */
function withoutForgotten(state: SessionsState, now: number, passed: Passed): SessionsState {
  // Its last words may still be under way, and bring the agent with them.
  const isForgotten = (doc: CcpDocument) => doc.agent === null && doc.gone !== null && passed(doc.gone.at, LOADING_MS)
  const documents = Object.entries(state.documents).filter(([, doc]) => !isForgotten(doc))
  const dropped = Object.values(state.documents).filter(isForgotten)
  const ended = [
    ...Object.entries(state.ended).filter(([, at]) => now - at < ENDED_MS),
    ...dropped.map((doc) => [doc.docId, now] as const),
  ]
  return { ...state, documents: Object.fromEntries(documents), ended: Object.fromEntries(ended) }
}
