/** How the facts of documents change, one at a time: used by all parts of the state machine. */
import type { CloseResult } from '../close-report'
import type { TimelineStep } from '../log-entry'
import type { CcpDocument, GoneBy, TabPlace } from './ccp-document'
import type { CloseState } from './state'

/** How many steps of a document's timeline are stored: an agent may go through many aborted closes. */
const MAX_STEPS = 40

/** The document is gone; the first report of it counts. */
export function withGone(doc: CcpDocument, at: number, by: GoneBy): CcpDocument {
  if (doc.gone !== null) return doc
  return step({ ...doc, gone: { at, by } }, { at, event: by === 'run_ended' ? 'browser_ended' : 'gone', detail: by })
}

export function step(doc: CcpDocument, taken: TimelineStep): CcpDocument {
  return { ...doc, timeline: [...doc.timeline, taken].slice(-MAX_STEPS) }
}

/** Connect's answer to a page's request, as a step of its close. */
export function answerStep(at: number, result: CloseResult): TimelineStep {
  return result.ok ? { at, event: 'call_succeeded' } : { at, event: 'call_failed', detail: result.error.type }
}

export function update(state: CloseState, docId: string, change: (doc: CcpDocument) => CcpDocument): CloseState {
  const doc = state.documents[docId]
  if (doc === undefined) return state
  return { ...state, documents: { ...state.documents, [docId]: change(doc) } }
}

export function mapDocuments(state: CloseState, change: (doc: CcpDocument) => CcpDocument): CloseState {
  const documents = Object.values(state.documents).map((doc) => [doc.docId, change(doc)] as const)
  return { ...state, documents: Object.fromEntries(documents) }
}

/**
 * Whether an event comes from another place than the document's, as far as both are known. A page that Chromium renders before it
 * is opened has a frame number of its own until it is shown (measured: 3, for a page in no frame).
 */
export function isElsewhere(doc: CcpDocument, place: TabPlace | null): boolean {
  if (doc.place === null || place === null) return false
  return doc.place.tabId !== place.tabId || (doc.framed && doc.place.frameId !== place.frameId)
}
