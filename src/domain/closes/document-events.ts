/** How document events change what is known of documents: each fact once, in the document's own order. */
import type { AgentFacts } from '../agent'
import type { ClosingReport } from '../close-report'
import { refusesEnqueue } from '../close-report'
import { updatePending, withStep } from './close'
import { closeOfDocument } from './closes'
import { withDuty } from './duties'
import { answerStep, isElsewhere, step, update, withGone } from './documents'
import type { CcpEvent } from './events'
import { closeBefore, restoreOf } from './restore-duty'
import { withAgentSeen } from './sightings'
import type { CcpDocument, Protection } from './ccp-document'
import type { CloseState } from './state'
import { isOpen } from './ccp-document'
import { isAroundCcp } from './unprotected'

type ReceivedEvent = Extract<CcpEvent, { type: 'document' }>
type UnprotectedEvent = Extract<ReceivedEvent['docEvent'], { type: 'unprotected' }>

/** Whether an event is new, and comes from the place of its document: another document that uses its name is not believed. */
export function mayBeBelieved({ ended, documents }: CloseState, { header, docEvent, place }: ReceivedEvent): boolean {
  if (Object.hasOwn(ended, header.docId)) return false
  if (docEvent.type === 'closing' && Object.hasOwn(ended, docEvent.report.closeId)) return false
  const known = documents[header.docId]
  return known === undefined || !isElsewhere(known, place)
}

/** Takes what a document said of itself. */
export function applyDocumentEvent(state: CloseState, event: ReceivedEvent): CloseState {
  const { header, docEvent, at } = event
  let next = state
  const known = state.documents[header.docId]
  if (known === undefined) {
    next = withSuccessor(state, event)
    const opened = { ...newDocument(event), reloads: closeBefore(state, event) }
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

/** What it says of closes: its own, and those of other documents. */
export function withEventOfCloses(state: CloseState, { header, docEvent, at }: ReceivedEvent): CloseState {
  if (docEvent.type === 'agent') return withAgentSeen(state, header.docId, at)
  if (docEvent.type === 'closing') return withRestoreOf(state, header.docId)
  if (docEvent.type !== 'undone' && docEvent.type !== 'given_back') return state
  // A close that has no entry yet: it belongs into its timeline.
  return updatePending(state, docEvent.closeId, (close) => withStep(close, { at, event: docEvent.type }))
}

/** What a document's close may have to be restored, once for each of its reports. */
function withRestoreOf(state: CloseState, docId: string): CloseState {
  const doc = state.documents[docId]
  const close = closeOfDocument(state, docId)
  const duty = doc === undefined ? null : restoreOf(doc)
  return close === null || duty === null ? state : withDuty(state, close.id, duty)
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

/** A new document in a frame means that whatever was in that frame before it is gone, or that we were put in again. */
function withSuccessor(state: CloseState, { header, place, runId, at }: ReceivedEvent): CloseState {
  if (place === null) return state
  const documents: Record<string, CcpDocument> = {}
  const ended = { ...state.ended }
  for (const doc of Object.values(state.documents)) {
    const sameFrame = doc.place?.tabId === place.tabId && doc.place.frameId === place.frameId
    if (!sameFrame || doc.successor !== null) documents[doc.docId] = doc
    else if (header.late && isOpen(doc) && doc.instance === header.instance) ended[doc.docId] = at
    // The place is that of another run's tab: each run of a browser numbers its tabs from the start.
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
      // The close it belongs to is another document's.
      return doc
    case 'unprotected':
      return { ...doc, protection: withoutProtection(doc.protection, docEvent) }
    case 'closing': {
      if (doc.closing !== null) return withTakenOver(doc, doc.closing, docEvent.report, at)
      const { report } = docEvent
      return step(
        { ...doc, agent: doc.agent ?? docEvent.agent, closing: { at, seq, report, agent: docEvent.agent } },
        { at, event: 'closing', detail: describeAttempt(report) },
      )
    }
    case 'result': {
      // A refusal may be followed by a second try that goes through; nothing follows a success.
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

/** Whose close is under way is settled: what the instance is asked about one agent must not be taken for another's. */
function isSomebodyElse({ agent, closing, gone }: CcpDocument, { username }: AgentFacts): boolean {
  return agent !== null && (closing !== null || gone !== null) && agent.username !== username
}

/** What has loaded late has been heard of by then: that something is missing so far says nothing new once an agent shows. */
function withoutProtection(known: Protection, { reason, soFar }: UnprotectedEvent): Protection {
  if (!soFar) return { status: 'unprotected', reason }
  return known.status === 'waiting' ? { status: 'waiting', missing: reason } : known
}

/** A page that had left its agent to another CCP sees to them itself, since that one goes as well. */
function withTakenOver(
  doc: CcpDocument,
  closing: NonNullable<CcpDocument['closing']>,
  { closeId, did }: ClosingReport,
  at: number,
): CcpDocument {
  const known = closing.report
  if (closeId !== known.closeId || known.did.action !== 'left' || did.action !== 'attempted') return doc
  // It is now that its close begins to count: of several, the last one sees to the agent.
  const taken = { ...doc, closing: { ...closing, at: Math.max(at, closing.at), report: { ...known, did } } }
  return step(taken, { at, event: 'closing', detail: describeAttempt(taken.closing.report) })
}

function describeAttempt({ did }: ClosingReport): string {
  switch (did.action) {
    case 'attempted':
      return [did.action, did.direct, did.connection && `${did.connection} connection`].filter(Boolean).join(', ')
    case 'left':
      return `${did.action}, ${did.reason}`
    case 'none':
    case 'cannot':
      return did.action
  }
}
