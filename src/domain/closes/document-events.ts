/** How document events change what is known of documents: each fact once, in the document's own order. */
import { COLD_CONNECTION } from '../close-requests'
import type { AgentFacts } from '../agent'
import type { ClosingReport } from '../close-report'
import { refusesEnqueue } from '../close-report'
import { answerStep, isElsewhere, step, update, withGone } from './documents'
import type { ReceivedEvent } from './events'
import { reportBeforeReload } from './restore-duty'
import type { CcpDocument, Protection } from './ccp-document'
import type { CloseState } from './state'
import { isOpen } from './ccp-document'
import { isAroundCcp } from './unprotected'

type UnprotectedEvent = Extract<ReceivedEvent['docEvent'], { type: 'unprotected' }>

/** Whether an event is new, and comes from where its document is: a document that uses another's name is not believed. */
export function mayBeBelieved({ ended, documents }: CloseState, { header, docEvent, place }: ReceivedEvent): boolean {
  if (Object.hasOwn(ended, header.docId)) return false
  if (docEvent.type === 'closing' && Object.hasOwn(ended, docEvent.report.closeId)) return false
  const known = documents[header.docId]
  return known === undefined || !isElsewhere(known, place)
}

/** Applies what a document has reported about itself. */
export function applyDocumentEvent(state: CloseState, event: ReceivedEvent): CloseState {
  const { header, docEvent, at } = event
  let next = state
  const known = state.documents[header.docId]
  if (known === undefined) {
    next = withSuccessor(state, event)
    const opened = { ...newDocument(event), reloads: reportBeforeReload(state, event) }
    next = { ...next, documents: { ...next.documents, [header.docId]: opened } }
  } else if (event.place !== null && known.place?.frameId !== event.place.frameId) {
    next = update(next, header.docId, (doc) => ({ ...doc, place: event.place }))
  }
  if (docEvent.type === 'unprotected' && isAroundCcp(state, event)) return next
  next = update(next, header.docId, (doc) => withDocumentEvent(doc, event))
  if (docEvent.type === 'result' && !docEvent.result.ok && refusesEnqueue(docEvent.result.error)) {
    return { ...next, enqueueRefused: { ...next.enqueueRefused, [header.instance]: at } }
  }
  return next
}

function newDocument({ header, place, runId, at }: ReceivedEvent): CcpDocument {
  return {
    ...header,
    runId,
    place,
    lastSeenAt: at,
    orphanedAt: null,
    protection: { status: 'waiting' },
    streamsVersion: null,
    capabilities: null,
    agent: null,
    agentAt: 0,
    agentSeq: -1,
    closing: null,
    result: null,
    stayedAt: null,
    gone: null,
    tabRemoved: null,
    successor: null,
    reloads: null,
    unheardSince: null,
    timeline: [{ at: Math.min(header.openedAt, at), event: 'opened' }],
  }
}

/** A new document in a frame shows that the one before it is gone, or that the content script was injected again. */
function withSuccessor(state: CloseState, { header, place, runId, at }: ReceivedEvent): CloseState {
  if (place === null) return state
  const documents: Record<string, CcpDocument> = {}
  let { ended } = state
  for (const doc of Object.values(state.documents)) {
    const sameFrame = doc.place?.tabId === place.tabId && doc.place.frameId === place.frameId
    if (!sameFrame || doc.successor !== null) documents[doc.docId] = doc
    else if (header.late && isOpen(doc) && doc.instance === header.instance) ended = { ...ended, [doc.docId]: at }
    // The place belongs to a tab of another run: each run of a browser numbers its tabs from the start.
    else if (doc.runId !== runId) documents[doc.docId] = withGone(doc, doc.lastSeenAt, 'run_ended')
    else {
      const successor = header.navigationType === 'reload' ? 'reload' : 'navigation'
      documents[doc.docId] = { ...withGone(doc, at, 'successor'), successor }
    }
  }
  return { ...state, documents, ended }
}

function withDocumentEvent(known: CcpDocument, { docEvent, at, seq }: ReceivedEvent): CcpDocument {
  const doc = { ...known, lastSeenAt: Math.max(known.lastSeenAt, at), unheardSince: null }
  switch (docEvent.type) {
    case 'hello':
      return doc
    case 'agent':
      if (seq < doc.agentSeq || isSomebodyElse(doc, docEvent.agent)) return doc
      return {
        ...doc,
        agent: docEvent.agent,
        agentAt: at,
        agentSeq: seq,
        streamsVersion: docEvent.streamsVersion,
        protection: { status: 'protected' },
      }
    case 'capabilities':
      return { ...doc, capabilities: docEvent.capabilities }
    case 'undone':
    case 'given_back':
    case 'recovered':
      // The close belongs to another document.
      return doc
    case 'unprotected':
      // One that is older than the agent's last facts was reported before these.
      return seq < doc.agentSeq ? doc : { ...doc, protection: withoutProtection(doc.protection, docEvent) }
    case 'closing': {
      if (doc.closing !== null) return withOwnAttempt(doc, doc.closing, docEvent.report, at)
      const { report } = docEvent
      return step(
        { ...doc, agent: doc.agent ?? docEvent.agent, closing: { at, seq, report, agent: docEvent.agent } },
        { at, event: 'closing', detail: describeAttempt(report) },
      )
    }
    case 'result': {
      // A second try may succeed after a refusal; nothing follows a success.
      if (doc.closing?.report.closeId !== docEvent.closeId || doc.result?.result.ok) return doc
      const { result } = docEvent
      if (!result.ok && doc.result !== null && doc.result.seq >= seq) return doc
      return step({ ...doc, result: { at, seq, result } }, answerStep(at, result))
    }
    case 'stayed':
      if (doc.closing?.report.closeId !== docEvent.closeId || doc.stayedAt !== null || doc.gone !== null) return doc
      return step({ ...doc, stayedAt: at }, { at, event: 'stayed' })
    case 'gone':
      return withGone(doc, at, 'pagehide')
  }
}

/** The agent of a document whose close is pending does not change: an answer about one agent must not be taken for another's. */
function isSomebodyElse({ agent, closing, gone }: CcpDocument, { username }: AgentFacts): boolean {
  return agent !== null && (closing !== null || gone !== null) && agent.username !== username
}

/** What loads late has reported by the time that an agent shows: that a part is missing so far means nothing then. */
function withoutProtection(known: Protection, { reason, soFar }: UnprotectedEvent): Protection {
  if (!soFar) return { status: 'unprotected', reason }
  return known.status === 'waiting' ? { status: 'waiting', missing: reason } : known
}

/** A page that deferred to another CCP takes responsibility for the agent itself, since the other CCP goes as well. */
function withOwnAttempt(
  doc: CcpDocument,
  closing: NonNullable<CcpDocument['closing']>,
  { closeId, did }: ClosingReport,
  at: number,
): CcpDocument {
  const known = closing.report
  if (closeId !== known.closeId || known.did.action !== 'left' || did.action !== 'attempted') return doc
  // Its close counts from now: of several, the last one is responsible for the agent.
  const taken = { ...doc, closing: { ...closing, at: Math.max(at, closing.at), report: { ...known, did } } }
  return step(taken, { at, event: 'closing', detail: describeAttempt(taken.closing.report) })
}

function describeAttempt({ did }: ClosingReport): string {
  switch (did.action) {
    case 'attempted':
      return [did.action, did.direct, did.connection && COLD_CONNECTION].filter(Boolean).join(', ')
    case 'left':
    case 'cannot':
      return `${did.action}, ${did.reason}`
    case 'none':
      return did.action
  }
}
