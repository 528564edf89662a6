import { leadDocuments } from '../domain/closes/leads'
import type { CloseState } from '../domain/closes/state'
import { keyOf } from '../domain/closes/ccp-document'
import { OFFLINE_ORDER_MS } from '../protocol/document-messages'
import type { OfflineAnswer } from '../protocol/ui-messages'
import { sendToDocument } from './ccp-tabs'

/**
 * Has the page of a document's agent set them Offline, as they ask for it in the popup. The page decides by what it knows of
 * them in that moment; what comes of it is in the state, and in the log.
 */
export async function goOffline(state: CloseState, docId: string): Promise<OfflineAnswer> {
  const doc = state.documents[docId]
  const key = doc === undefined ? null : keyOf(doc)
  const lead = key === null ? undefined : leadDocuments(state).get(key)
  if (lead === undefined) return 'silent'
  const order = { type: 'set_offline', docId: lead.docId, kind: 'asked', at: Date.now() } as const
  // A page that is frozen does nothing of it when it thaws later than this.
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), OFFLINE_ORDER_MS)))
  const answer = await Promise.race([sendToDocument(lead, order), patience])
  clearTimeout(timer)
  if (answer === true) return 'asked'
  return answer === false ? 'declined' : 'silent'
}
