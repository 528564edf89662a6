/** What seeing an agent in one document tells of their closes in others. */
import type { AgentState } from '../agent'
import { agentKey } from '../agent'
import { isSignOff } from '../close-report'
import { standsWhenSeen } from './away'
import { mapDocuments, step } from './documents'
import type { CcpDocument } from './ccp-document'
import type { SessionsState } from './state'
import { closeStartedAt, keyOf } from './ccp-document'

/** A snapshot of an agent in one document tells of their closes in others, and that a flagged agent is back. */
export function withAgentSeen(state: SessionsState, docId: string, at: number): SessionsState {
  const seen = state.documents[docId]
  if (seen?.agent == null) return state
  const key = agentKey(seen.instance, seen.agent)
  const { state: shown } = seen.agent
  const returned = mapDocuments(state, (doc) => withReturned(doc, seen, shown, at))
  const next = mapDocuments(returned, (doc) => {
    const { closing } = doc
    if (shown.type !== 'offline' || keyOf(doc) !== key || (doc.docId === docId && !isUnanswered(doc))) return doc
    if (closing === null || closing.at >= at || doc.seenOfflineAt !== null) return doc
    if (!isLater(shown, closing.report.stateBefore)) return doc
    return step({ ...doc, seenOfflineAt: at }, { at, event: 'agent_seen_offline' })
  })
  return {
    ...next,
    flags: next.flags.filter((flag) => agentKey(flag.instance, flag) !== key || standsWhenSeen(flag, shown, at)),
  }
}

/** Whether nobody leaves, and Connect's answer has not come: what the page itself sees then is one. */
function isUnanswered({ closing, result }: CcpDocument): boolean {
  return isSignOff(closing?.report.event) && result?.result.ok !== true
}

/** Notes how the agent of a close was found when they were seen again in a document that came after it. */
function withReturned(doc: CcpDocument, seen: CcpDocument, shown: AgentState, at: number): CcpDocument {
  const closedAt = closeStartedAt(doc)
  if (doc.docId === seen.docId || keyOf(doc) !== keyOf(seen) || doc.returned !== null) return doc
  if (closedAt === null || seen.openedAt < closedAt || at <= closedAt) return doc
  return step({ ...doc, returned: { at, state: shown } }, { at, event: 'agent_returned', detail: shown.name })
}

/** Whether a state was entered after another, by the server's own clock: facts of a frozen page may be told late. */
function isLater(state: AgentState, before: AgentState): boolean {
  const [since, earlier] = [state.startTimestamp, before.startTimestamp]
  return since === null || earlier === null || since >= earlier
}
