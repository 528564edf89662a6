import type { OfflineWhileOpen } from '../domain/close-report'
import { leadDocuments } from '../domain/closes/leads'
import type { CloseState } from '../domain/closes/state'
import type { CcpDocument } from '../domain/closes/ccp-document'
import { keyOf } from '../domain/closes/ccp-document'
import { leadOf } from '../domain/closes/close-facts'
import type { PendingClose } from '../domain/closes/closes'
import { OFFLINE_ORDER_MS } from '../protocol/document-messages'
import type { OfflineAnswer } from '../protocol/ui-messages'
import { sendToDocument } from './ccp-tabs'

/**
 * Has the page of a document's agent set them Offline, as they have asked in the popup. The page decides by what it knows of them
 * at that moment; the outcome is in the state, and in the log.
 */
export async function goOffline(state: CloseState, docId: string): Promise<OfflineAnswer> {
  const doc = state.documents[docId]
  const key = doc === undefined ? null : keyOf(doc)
  const lead = key === null ? undefined : leadDocuments(state).get(key)
  if (lead === undefined) return 'silent'
  const answer = await orderOffline(lead, 'asked')
  if (answer === true) return 'asked'
  return answer === false ? 'declined' : 'silent'
}

/** Has the page of an agent who has asked for Offline request it once more, as part of the same close. @returns whether it does. */
export async function requestAgain(close: PendingClose): Promise<boolean> {
  const lead = leadOf(close)
  return (await orderOffline(lead, 'asked', lead.closing?.report.closeId)) === true
}

/**
 * Orders a page to set its agent Offline.
 * @param closeId the close that the order repeats; without it, the order is a close of its own.
 * @returns the page's answer: whether it does; null where it is silent.
 */
export async function orderOffline(doc: CcpDocument, kind: OfflineWhileOpen, closeId?: string): Promise<unknown> {
  const again = closeId !== undefined && { closeId }
  const order = { type: 'set_offline', docId: doc.docId, kind, at: Date.now(), ...again } as const
  // A frozen page that thaws later than this does nothing.
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), OFFLINE_ORDER_MS)))
  const answer = await Promise.race([sendToDocument(doc, order), patience])
  clearTimeout(timer)
  return answer
}
