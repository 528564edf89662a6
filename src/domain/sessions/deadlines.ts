/** When the state machine must look again, and at which documents. */
import { hasPassed, passesAt } from '../clock'
import { RECOVERY_MS } from '../recovery'
import { GIVE_UP_MS, isDue } from '../verification'
import {
  endedAt,
  GHOST_MS,
  ghostSince,
  ORPHAN_MS,
  pendingCloses,
  recoveryOf,
  SETTLE_MS,
  verificationOf,
} from './closes'
import type { TabStatus } from './events'
import type { CcpDocument, Recovery } from './ccp-document'
import type { SessionsState } from './state'

/** How often a tab that is loading is looked at. */
const LOOK_AGAIN_MS = 500
/** How often it is tried to open, or to close, a recovery CCP. */
const RECOVERY_AGAIN_MS = 5_000
/** How often it is looked whether a tab still holds a document that nobody speaks for. */
const HELD_ORPHAN_MS = 30_000
/** How long after a `beforeunload` its tab is looked at: a page that goes has gone by then, or its tab loads the next. */
const STAY_LOOK_MS = 2_000
const STAY_AGAIN_MS = 1_000

/** Documents that were about to go, and are still there. One that has long said nothing is asking its user something. */
function lingering(state: SessionsState, now: number): CcpDocument[] {
  return Object.values(state.documents).filter(
    ({ closing, gone, stayedAt, place }) =>
      closing?.report.event === 'beforeunload' &&
      !hasPassed(closing.at, GHOST_MS, now) &&
      gone === null &&
      stayedAt === null &&
      place !== null,
  )
}

/** Documents that were about to go, and whose tabs show that nothing comes of it: a timer alone proves nothing. */
export function maybeStaying(
  state: SessionsState,
  tabs: Readonly<Record<number, TabStatus>>,
  now: number,
): { readonly doc: CcpDocument; readonly closeId: string }[] {
  return lingering(state, now).flatMap((doc) =>
    doc.closing !== null && hasPassed(doc.closing.at, STAY_LOOK_MS, now) && tabs[doc.place?.tabId ?? -1] === 'complete'
      ? [{ doc, closeId: doc.closing.report.closeId }]
      : [],
  )
}

/** When a `tick` is due next, in ms since the epoch; null where nothing is pending. */
export function nextDeadline(state: SessionsState, now: number): number | null {
  const closes = pendingCloses(state)
  const asking = closes.flatMap((close) => {
    const verification = verificationOf(close)
    return verification === null || verification.nextAt === null
      ? []
      : [isDue(verification, now) ? Math.min(verification.nextAt, now) : verification.nextAt]
  })
  const settling = closes
    .filter((close) => recoveryOf(close) === null && verificationOf(close)?.nextAt == null)
    .map(endedAt)
    .filter((end) => end !== null)
    .map((end) => (hasPassed(end, SETTLE_MS, now) ? now + LOOK_AGAIN_MS : end + SETTLE_MS))
  const orphans = Object.values(state.documents)
    .filter((doc) => doc.gone === null && doc.orphanedAt !== null)
    .map(({ orphanedAt }) => orphanedAt ?? 0)
    .map((since) => (hasPassed(since, ORPHAN_MS, now) ? now + HELD_ORPHAN_MS : since + ORPHAN_MS))
  const ghosts = Object.values(state.documents)
    .flatMap((doc) => ghostSince(doc) ?? [])
    .map((since) => passesAt(since, GHOST_MS, now))
  const recovering = closes.flatMap((close) => recoveryDeadline(recoveryOf(close), now))
  const staying = lingering(state, now).map(({ closing }) => {
    const since = closing?.at ?? now
    return hasPassed(since, STAY_LOOK_MS, now) ? now + STAY_AGAIN_MS : since + STAY_LOOK_MS
  })
  const due = [...staying, ...asking, ...settling, ...orphans, ...ghosts, ...recovering, ...ccpDeadline(state, now)]
  return due.length === 0 ? null : Math.min(...due)
}

/** When an offer is looked at again: it ends by itself, like the asking. */
function recoveryDeadline(recovery: Recovery | null, now: number): number[] {
  if (recovery === null || recovery.status === 'under_way') return []
  const end = recovery.since + GIVE_UP_MS
  return [recovery.status === 'offered' ? end : Math.min(end, now + RECOVERY_AGAIN_MS)]
}

/** When to close the recovery CCP, or to try it again. */
function ccpDeadline({ recovery, documents }: SessionsState, now: number): number[] {
  if (recovery === null) return []
  const isUnderWay = documents[recovery.docId]?.recovery?.status === 'under_way'
  return [isUnderWay ? recovery.startedAt + RECOVERY_MS : now + RECOVERY_AGAIN_MS]
}
