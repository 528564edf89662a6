/** Closes that are still being asked about: a person may have them asked about sooner. */
import { askedNow } from '../verification'
import { pendingCloses, verificationOf } from './closes'
import { closeIdOf } from './conclude'
import { mapDocuments } from './documents'
import type { SessionsState } from './state'

/** Asking goes on after a flag was raised: `waiting` until it is due, `asking` while an attempt is under way. */
export function retryOf(state: SessionsState, closeId: string): 'waiting' | 'asking' | null {
  const close = pendingCloses(state).find((one) => closeIdOf(one) === closeId)
  const verification = close === undefined ? null : verificationOf(close)
  if (verification === null || verification.end !== null) return null
  return verification.isAsking ? 'asking' : 'waiting'
}

/** Has the instance asked about a close at once. */
export function withRetry(state: SessionsState, closeId: string, at: number): SessionsState {
  const close = pendingCloses(state).find((one) => closeIdOf(one) === closeId)
  const ids = new Set(close?.documents.map(({ docId }) => docId))
  return mapDocuments(state, (doc) =>
    doc.verification === null || !ids.has(doc.docId) ? doc : { ...doc, verification: askedNow(doc.verification, at) },
  )
}
