/** What a sighting of an agent in one document says of their closes in others. */
import { agentKey } from '../agent'
import { sightingOf } from '../exposure'
import { offlineEvidence } from '../evidence'
import type { CcpDocument } from './ccp-document'
import { keyOf } from './ccp-document'
import type { Close } from './close'
import { updatePending, withStep } from './close'
import { leadOf } from './close-facts'
import type { PendingClose } from './closes'
import { pendingCloses } from './closes'
import type { CloseState } from './state'

/** Applies a snapshot of an agent in one document to their closes in others. */
export function withAgentSeen(state: CloseState, docId: string, at: number): CloseState {
  const seen = state.documents[docId]
  if (seen?.agent == null) return state
  const key = agentKey(seen.instance, seen.agent)
  const theirs = pendingCloses(state).filter((close) => keyOf(leadOf(close)) === key)
  return theirs.reduce(
    (before, close) =>
      updatePending(before, close.id, (one) => withSeenOffline(withReturn(one, close, seen, at), close, seen, at)),
    state,
  )
}

/** Notes in which state the agent of a close was first seen again, in a document that came after it. */
function withReturn(close: Close, { documents, startedAt }: PendingClose, seen: CcpDocument, at: number): Close {
  if (seen.agent === null || close.returned !== null || documents.some(({ docId }) => docId === seen.docId))
    return close
  if (seen.openedAt < startedAt || at <= startedAt) return close
  const returned = sightingOf(seen.agent, at)
  return withStep({ ...close, returned }, { at, event: 'agent_returned', detail: returned.state.name })
}

/** Notes the documents of a close after whose report a snapshot shows the agent Offline. */
function withSeenOffline(close: Close, { documents }: PendingClose, seen: CcpDocument, at: number): Close {
  const shown = seen.agent?.state
  if (shown === undefined) return close
  const docIds = documents
    .filter(({ docId, closing, agentSeq }) => {
      if (closing === null || Object.hasOwn(close.seenOffline, docId)) return false
      // A page's own messages have their order, whatever the clock does.
      if (docId === seen.docId ? agentSeq < closing.seq : closing.at >= at) return false
      return offlineEvidence(closing.report.stateBefore, shown) === 'confirmed'
    })
    .map(({ docId }) => docId)
  if (docIds.length === 0) return close
  const seenOffline = { ...Object.fromEntries(docIds.map((docId) => [docId, at])), ...close.seenOffline }
  const isFirst = Object.keys(close.seenOffline).length === 0
  const next = { ...close, seenOffline }
  return isFirst ? withStep(next, { at, event: 'agent_seen_offline' }) : next
}
