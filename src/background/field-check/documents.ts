/** The documents of a field check's agent. */
import type { Subject } from '../../domain/field-check/check'
import type { CcpDocument, TabPlace } from '../../domain/closes/ccp-document'
import type { CloseState } from '../../domain/closes/state'

/** The agent's documents that are not known to be gone, with the check's document first. */
export function documentsOf({ documents }: CloseState, { instance, username, docId }: Subject): CcpDocument[] {
  return Object.values(documents)
    .filter((doc) => doc.gone === null && doc.instance === instance && doc.agent?.username === username)
    .sort((a, b) => Number(b.docId === docId) - Number(a.docId === docId))
}

type ReachableDocument = CcpDocument & { readonly place: TabPlace }

/**
 * Whether the check can send requests by a document. After a start of the browser,
 * documents of the run before count as open until their end is noted. Their tabs are
 * gone, so that requests by them would look like an instance that does not answer.
 */
export function isReachable(doc: CcpDocument): doc is ReachableDocument {
  return doc.gone === null && doc.orphanedAt === null && doc.place !== null
}
