/** The documents of the agent whom a field check is for. */
import type { Subject } from '../../domain/field-check/check'
import type { CcpDocument, TabPlace } from '../../domain/closes/ccp-document'
import type { CloseState } from '../../domain/closes/state'

/** Those that are not known to be gone, the document of the check first. */
export function documentsOf({ documents }: CloseState, { instance, username, docId }: Subject): CcpDocument[] {
  return Object.values(documents)
    .filter((doc) => doc.gone === null && doc.instance === instance && doc.agent?.username === username)
    .sort((a, b) => Number(b.docId === docId) - Number(a.docId === docId))
}

type ReachableDocument = CcpDocument & { readonly place: TabPlace }

/**
 * Whether the check can ask by a document. After a start of the browser, a document of the run before is still among the
 * open ones until its end is noted: its tab is gone, and a request by it would look like an instance that does not answer.
 */
export function isReachable(doc: CcpDocument): doc is ReachableDocument {
  return doc.gone === null && doc.orphanedAt === null && doc.place !== null
}
