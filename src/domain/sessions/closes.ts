import type { AgentState } from '../agent'
import { instanceKey } from '../agent'
import type { SignOffKind, ClosingReport } from '../close-report'
import { isSignOff } from '../close-report'
import type { LeftReason } from '../decide-close'
import type { Passed } from '../clock'
import { hasPassed } from '../clock'
import type { Verification } from '../verification'
import type { CcpDocument, Recovery } from './ccp-document'
import { wasSetBack } from './set-back'
import type { RulesOf } from './silent'
import { isUnconfigured, restBecause } from './silent'
import type { SessionsState } from './state'
import { closeStartedAt, isOpen, keyOf } from './ccp-document'

/** How long a close waits, after its last document went, for an answer and for what tells its cause. */
export const SETTLE_MS = 2_000
/** How long it waits for the page that comes next where the tab is still loading: it tells a reload from a departure. */
export const LOADING_MS = 20_000
/**
 * How long a document of an earlier run may be claimed by a content script that was put into it again, where its tab does
 * not show it any more. Short: after a start of the browser the agent may be Available all the while.
 */
export const ORPHAN_MS = 1_000

/**
 * How long a worker that has started waits for a document's sign of life before it believes in it all the same: one whose
 * process has died is refused at once, and one that is frozen gives no answer and is there.
 */
export const UNHEARD_MS = 5_000
/** Longer than a page that stays takes to say so. */
export const GHOST_MS = 60_000

/** One close: the documents of one agent in one tab that went together (the agent workspace nests several). */
export interface PendingClose {
  readonly documents: readonly [CcpDocument, ...CcpDocument[]]
  readonly startedAt: number
  /** Documents of the same agent in the same tab that were there when it began, and still are. */
  readonly open: readonly CcpDocument[]
}

function sameClose(a: CcpDocument, b: CcpDocument): boolean {
  return a.place !== null && b.place !== null && a.place.tabId === b.place.tabId && keyOf(a) === keyOf(b)
}

/** Whether the clock was set back while a document was there: it went at an earlier time than it was opened at. */
function outlivedItsClock(doc: CcpDocument): boolean {
  const startedAt = closeStartedAt(doc)
  return startedAt !== null && wasSetBack(doc.openedAt, startedAt)
}

/** The closes that have begun and are not concluded. A document whose agent was never known has none. */
export function pendingCloses(state: SessionsState): PendingClose[] {
  const known = Object.values(state.documents).filter((doc) => doc.agent !== null)
  const closing = known
    .filter((doc) => !isOpen(doc))
    .sort((a, b) => (closeStartedAt(a) ?? 0) - (closeStartedAt(b) ?? 0) || a.docId.localeCompare(b.docId))
  const closes: { documents: [CcpDocument, ...CcpDocument[]]; startedAt: number; open: CcpDocument[] }[] = []
  for (const doc of closing) {
    // A document that was opened after the close began is the next page of that tab: its end is another close.
    const joined = closes.find(
      (close) => sameClose(close.documents[0], doc) && (doc.openedAt <= close.startedAt || outlivedItsClock(doc)),
    )
    if (joined) joined.documents.push(doc)
    else closes.push({ documents: [doc], startedAt: closeStartedAt(doc) ?? 0, open: [] })
  }
  for (const close of closes) {
    // What is there may have been opened by the clock from before, or be the next page: nothing is concluded at once then.
    const isUnclear = close.documents.some(outlivedItsClock)
    close.open = known.filter(
      (doc) => isOpen(doc) && sameClose(close.documents[0], doc) && (doc.openedAt <= close.startedAt || isUnclear),
    )
  }
  return closes
}

/** The moment from which the settling time of a close runs; null while a document of it may still live on. */
export function endedAt(close: PendingClose): number | null {
  const ends = close.documents.map((doc) => doc.gone?.at ?? doc.stayedAt)
  return ends.every((end) => end !== null) ? Math.max(...ends) : null
}

/** How the verification of a close stands; null where none has begun. */
export function verificationOf(close: PendingClose): Verification | null {
  return close.documents.find((doc) => doc.verification !== null)?.verification ?? null
}

/** How the recovery of a close stands; null where none was due. */
export function recoveryOf(close: PendingClose): Recovery | null {
  return close.documents.find((doc) => doc.recovery !== null)?.recovery ?? null
}

/** The document that stands for a close: of those that spoke, the first that acted. */
export function leadOf(close: PendingClose): CcpDocument {
  return close.documents.find((doc) => doc.closing?.report.did.action === 'attempted') ?? close.documents[0]
}

/**
 * Why the pages of a close have left it to the background, or would have in mode `act`; null where one of them has acted,
 * or has nothing to do. One that the settings leave alone, such as a frame, speaks for itself alone, also where it could not
 * tell that they do.
 */
export function leftBecause({ documents }: PendingClose, rulesOf: RulesOf): LeftReason | null {
  const inScope = documents.filter((doc) => !isExcluded(doc, rulesOf))
  const left = inScope.map(({ closing }) => (closing === null ? null : leftBy(closing.report)))
  return left.every((reason) => reason !== null) ? (left[0] ?? null) : null
}

function isExcluded(doc: CcpDocument, rulesOf: RulesOf): boolean {
  if (isUnconfigured(doc)) return rulesOf(doc).excluded !== null
  const did = doc.closing?.report.did
  return did?.action === 'none' && (did.reason === 'surface_excluded' || did.reason === 'instance_excluded')
}

function leftBy({ did }: ClosingReport): LeftReason | null {
  if (did.action === 'left') return did.reason
  const would = did.action === 'none' ? did.would : undefined
  return would === 'reload' || would === 'other_ccp' || would === 'contact_first' ? would : null
}

/** What called for Offline where no page ends: the agent was not there, or asked for it; the CCP is open. */
export function signOffKindOf({ documents }: PendingClose): SignOffKind | null {
  const kinds = documents.map(({ closing, gone }) =>
    gone === null && isSignOff(closing?.report.event) ? closing.report.event : null,
  )
  const [first = null] = kinds
  return first !== null && isSignOff(first) && kinds.every((kind) => kind !== null) ? first : null
}

/**
 * Whether another close of the same agent, which began later, sees to them: of several CCPs that go at once, the last.
 * One that had nothing to do knew the agent's state too late, or from elsewhere: it sees to nobody.
 */
export function isBorne(state: SessionsState, close: PendingClose, rulesOf: RulesOf): boolean {
  return (
    close.documents.some((doc) => doc.isBorne) || pendingCloses(state).some((other) => bears(other, close, rulesOf))
  )
}

/** Whether one close sees to the agent of another. */
export function bears(other: PendingClose, close: PendingClose, rulesOf: RulesOf): boolean {
  if (keyOf(leadOf(other)) !== keyOf(leadOf(close)) || !isAfter(other, close, rulesOf)) return false
  return other.documents.some((doc) => sees(doc, rulesOf))
}

/** In mode `observe` too: a close that would have been seen to. One without a word is, unless it had nothing to do. */
function sees(doc: CcpDocument, rulesOf: RulesOf): boolean {
  if (doc.closing === null) {
    const rest = restBecause(doc, rulesOf(doc))
    return rest === null || rest.would !== undefined
  }
  const { did } = doc.closing.report
  return did.action === 'attempted' || did.action === 'left' || (did.action === 'none' && did.would !== undefined)
}

/** In one and the same moment, a close that was left to others is before one that was not. */
function isAfter(a: PendingClose, b: PendingClose, rulesOf: RulesOf): boolean {
  if (a.startedAt !== b.startedAt) return a.startedAt > b.startedAt
  const [isLeft, isOtherLeft] = [leftBecause(a, rulesOf) !== null, leftBecause(b, rulesOf) !== null]
  return isLeft === isOtherLeft ? leadOf(a).docId > leadOf(b).docId : isOtherLeft
}

/** The state that a close left the agent in, as far as the page knew. */
export function stateBefore(close: PendingClose): AgentState | null {
  const lead = leadOf(close)
  return lead.closing?.report.stateBefore ?? lead.agent?.state ?? null
}

/**
 * Whether the agent of a close has a CCP open: `unknown` while a page of the instance loads that may be theirs, or one of
 * theirs has not answered the worker yet.
 * Their state is theirs then.
 */
export function presenceOf(state: SessionsState, close: PendingClose, now: number): 'absent' | 'present' | 'unknown' {
  const lead = leadOf(close)
  const instance = instanceKey(lead.instance)
  const open = Object.values(state.documents).filter((doc) => isOpen(doc) && instanceKey(doc.instance) === instance)
  const theirs = open.filter((doc) => keyOf(doc) === keyOf(lead))
  const ofThisRun = theirs.filter((doc) => doc.orphanedAt === null)
  if (ofThisRun.some(({ unheardSince }) => unheardSince === null || hasPassed(unheardSince, UNHEARD_MS, now))) {
    return 'present'
  }
  if (ofThisRun.length > 0) return 'unknown'
  const arriving = open.some(
    (doc) => doc.agent === null && doc.protection.status === 'waiting' && !hasPassed(doc.openedAt, LOADING_MS, now),
  )
  // One that cannot be entered again after a reload of the extension is not waited for without end.
  const isClaimable = theirs.some((doc) => !hasPassed(doc.orphanedAt ?? 0, LOADING_MS, now))
  return arriving || isClaimable ? 'unknown' : 'absent'
}

/**
 * Whether to take a document for gone that only the mailbox told of: it has said its last words, and has no port whose end
 * could tell.
 */
export function isGhost(doc: CcpDocument, passed: Passed): boolean {
  const since = ghostSince(doc)
  return since !== null && passed(since, GHOST_MS)
}

export function ghostSince(doc: CcpDocument): number | null {
  if (doc.place !== null || doc.gone !== null || doc.stayedAt !== null) return null
  return doc.closing?.at ?? doc.lastSeenAt
}
