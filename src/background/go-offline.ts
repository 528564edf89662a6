import { leadDocuments } from '../domain/closes/leads'
import type { CloseState } from '../domain/closes/state'
import { keyOf } from '../domain/closes/ccp-document'
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
  const order = { type: 'set_offline', docId: lead.docId, kind: 'asked', at: Date.now() } as const
  // A frozen page that thaws later than this does nothing.
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), OFFLINE_ORDER_MS)))
  const answer = await Promise.race([sendToDocument(lead, order), patience])
  clearTimeout(timer)
  if (answer === true) return 'asked'
  return answer === false ? 'declined' : 'silent'
}
