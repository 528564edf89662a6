/** Who is still there after a close: the agent with another CCP, a page that may come back, a document without a sign of life. */
import { instanceKey } from '../agent'
import type { Passed } from '../clock'
import { hasPassed } from '../clock'
import type { CcpDocument } from './ccp-document'
import { isOpen, keyOf } from './ccp-document'
import { hasBegun, leadOf } from './close-facts'
import type { PendingClose } from './closes'
import { closeOfDocument } from './closes'
import type { CloseState } from './state'

/** How long a close waits, after its last document went, for an answer and for signs of its cause. */
export const SETTLE_MS = 2_000
/** How long it waits for the next page where the tab is still loading: that page distinguishes a reload from a departure. */
export const LOADING_MS = 20_000
/**
 * For how long a content script that is injected again may still claim a document of an earlier run that its tab no longer shows.
 * Short: after a start of the browser the agent may be Available all the while.
 */
export const ORPHAN_MS = 1_000

/**
 * For how long a restarted worker waits for a document's sign of life before it counts the document as open. A port to a dead
 * process fails at once; a frozen document gives no answer, and is there.
 */
export const SIGN_OF_LIFE_MS = 5_000
/** After this long without a report that it stays, a document without a port counts as gone, in ms. */
export const UNREACHABLE_MS = 60_000

/**
 * Whether the agent of a close has a CCP open. `unknown`: a page of the instance loads that may be theirs, or a document of
 * theirs has not answered the worker yet. An agent with a CCP open decides about their own status.
 */
export function ccpPresenceOf(state: CloseState, close: PendingClose, now: number): 'absent' | 'present' | 'unknown' {
  const lead = leadOf(close)
  const instance = instanceKey(lead.instance)
  const open = Object.values(state.documents).filter((doc) => isOpen(doc) && instanceKey(doc.instance) === instance)
  const theirs = open.filter((doc) => keyOf(doc) === keyOf(lead))
  const ofThisRun = theirs.filter((doc) => doc.orphanedAt === null)
  if (ofThisRun.some(({ unheardSince }) => unheardSince === null || hasPassed(unheardSince, SIGN_OF_LIFE_MS, now))) {
    return 'present'
  }
  if (ofThisRun.length > 0) return 'unknown'
  const arriving = open.some(
    (doc) => doc.agent === null && doc.protection.status === 'waiting' && !hasPassed(doc.openedAt, LOADING_MS, now),
  )
  // A document that cannot be claimed after a reload of the extension is not waited for indefinitely.
  const isClaimable = theirs.some((doc) => !hasPassed(doc.orphanedAt ?? 0, LOADING_MS, now))
  return arriving || isClaimable ? 'unknown' : 'absent'
}

/**
 * Whether a document that is known from the mailbox alone counts as gone: its close report has come, and it has no port whose
 * end would show it.
 */
export function isUnreachable(doc: CcpDocument, passed: Passed): boolean {
  const since = unreachableSince(doc)
  return since !== null && passed(since, UNREACHABLE_MS)
}

export function unreachableSince(doc: CcpDocument): number | null {
  if (doc.place !== null || doc.gone !== null || doc.stayedAt !== null) return null
  return doc.closing?.at ?? doc.lastSeenAt
}

/** Whether a document's page has reported a reload, and may still come back as another document. */
export function isReloading(state: CloseState, { docId, closing, stayedAt, tabRemoved, gone }: CcpDocument): boolean {
  const did = closing?.report.did
  if (did?.action !== 'left' || did.reason !== 'reload' || stayedAt !== null) return false
  if (tabRemoved !== null || gone?.by === 'run_ended') return false
  const close = closeOfDocument(state, docId)
  return close === null || !hasBegun(close)
}
