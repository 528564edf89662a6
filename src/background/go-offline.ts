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
  const answer = await answerTo(lead)
  if (answer === true) return 'asked'
  return answer === false ? 'declined' : 'silent'
}

/** Has the page of an agent who has asked for Offline request it once more, as part of the same close. @returns whether it does. */
export async function requestAgain(close: PendingClose): Promise<boolean> {
  const lead = leadOf(close)
  return (await answerTo(lead, lead.closing?.report.closeId)) === true
}

/** What the page answers to the order to set Offline; null where it is silent. */
async function answerTo(doc: CcpDocument, closeId?: string): Promise<unknown> {
  const again = closeId !== undefined && { closeId }
  const order = { type: 'set_offline', docId: doc.docId, kind: 'asked', at: Date.now(), ...again } as const
  // A frozen page that thaws later than this does nothing.
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), OFFLINE_ORDER_MS)))
  const answer = await Promise.race([sendToDocument(doc, order), patience])
  clearTimeout(timer)
  return answer
}
