import type { AgentKey } from '../agent'
import { canBeAskedForOffline } from './away-cases'
import type { CcpDocument } from './ccp-document'
import type { CloseState } from './state'
import { keyOf } from './ccp-document'

/** The document that is addressed for each agent whose CCP is open: preferably in a tab of its own, and of those the oldest. */
export function leadDocuments(state: CloseState): Map<AgentKey, CcpDocument> {
  const docs = Object.values(state.documents)
    .filter((doc) => canBeAskedForOffline(doc))
    .sort((a, b) => Number(a.framed) - Number(b.framed) || a.openedAt - b.openedAt)
  const leads = new Map<AgentKey, CcpDocument>()
  for (const doc of docs) {
    const key = keyOf(doc)
    if (key !== null && !leads.has(key)) leads.set(key, doc)
  }
  return leads
}
