/** How the news of documents change what is known of them: each fact once, in the document's own order. */
import type { ClosingReport } from '../close-report'
import { refusesEnqueue } from '../close-report'
import { leadOf, pendingCloses } from './closes'
import { closeIdOf } from './conclude'
import { answerStep, isElsewhere, step, update, withGone } from './documents'
import type { SessionEvent } from './events'
import { closeBefore, withoutReturned, withRecentClose } from './recent'
import { withAgentSeen } from './sightings'
import type { CcpDocument } from './ccp-document'
import type { SessionsState } from './state'
import { isOpen } from './ccp-document'
import { isAroundCcp } from './unprotected'

type NewsEvent = Extract<SessionEvent, { type: 'news' }>

/** Takes what a document said of itself. */
export function applyNews(state: SessionsState, event: NewsEvent): SessionsState {
  const { header, news, at } = event
  if (Object.hasOwn(state.ended, header.docId)) return state
  if (news.type === 'closing' && Object.hasOwn(state.ended, news.report.closeId)) return state
  let next = state
  const known = state.documents[header.docId]
  // One document speaks from one place: another that uses its name is not believed.
  if (known !== undefined && isElsewhere(known, event.place)) return state
  if (known === undefined) {
    next = withSuccessor(state, event)
    const opened = { ...newDocument(event), reloads: closeBefore(state, event) }
    next = { ...next, documents: { ...next.documents, [header.docId]: opened } }
  } else if (event.place !== null && known.place?.frameId !== event.place.frameId) {
    next = update(next, header.docId, (doc) => ({ ...doc, place: event.place }))
  }
  if (news.type === 'unprotected' && isAroundCcp(state, event)) return next
  next = withoutReturned(
    update(next, header.docId, (doc) => withNews(doc, event)),
    event,
  )
  if (news.type === 'closing') return withRecentClose(next, header.docId)
  if (news.type === 'agent') return withAgentSeen(next, header.docId, at)
  if (news.type === 'undone' || news.type === 'given_back') return withStepOfClose(next, event, news)
  if (news.type === 'result' && !news.result.ok && refusesEnqueue(news.result.error)) {
    return { ...next, enqueueRefused: { ...next.enqueueRefused, [header.instance]: at } }
  }
  return next
}

function newDocument({ header, place, runId, at }: NewsEvent): CcpDocument {
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
    verification: null,
    recovery: null,
    seenOfflineAt: null,
    isDismissed: false,
    reloads: null,
    isBorne: false,
    unheardSince: null,
    returned: null,
    timeline: [{ at: Math.min(header.openedAt, at), event: 'opened' }],
  }
}

/** An Offline was taken back whose close has no entry yet: it belongs into its timeline. */
function withStepOfClose(
  state: SessionsState,
  { at }: NewsEvent,
  { type: event, closeId }: { readonly type: 'undone' | 'given_back'; readonly closeId: string },
): SessionsState {
  const close = pendingCloses(state).find((one) => closeIdOf(one) === closeId)
  if (close === undefined) return state
  const isKnown = (doc: CcpDocument) => doc.timeline.some((taken) => taken.event === event && taken.at === at)
  return update(state, leadOf(close).docId, (doc) => (isKnown(doc) ? doc : step(doc, { at, event })))
}

/** A new document in a frame means that whatever was in that frame before it is gone, or that we were put in again. */
function withSuccessor(state: SessionsState, { header, place, runId, at }: NewsEvent): SessionsState {
  if (place === null) return state
  const documents: Record<string, CcpDocument> = {}
  const ended = { ...state.ended }
  for (const doc of Object.values(state.documents)) {
    const sameFrame = doc.place?.tabId === place.tabId && doc.place.frameId === place.frameId
    if (!sameFrame || doc.successor !== null) documents[doc.docId] = doc
    else if (header.late && isOpen(doc) && doc.instance === header.instance) ended[doc.docId] = at
    // The place is that of another run's tab: browsers number their tabs anew.
    else if (doc.runId !== runId) documents[doc.docId] = withGone(doc, doc.lastSeenAt, 'run_ended')
    else {
      const successor = header.navigationType === 'reload' ? 'reload' : 'navigation'
      documents[doc.docId] = { ...withGone(doc, at, 'successor'), successor }
    }
  }
  return { ...state, documents, ended }
}

function withNews(known: CcpDocument, { news, at, seq }: NewsEvent): CcpDocument {
  const doc = { ...known, lastSeenAt: Math.max(known.lastSeenAt, at), unheardSince: null }
  switch (news.type) {
    case 'hello':
      return doc
    case 'agent':
      if (seq < doc.agentSeq) return doc
      return {
        ...doc,
        agent: news.agent,
        agentAt: at,
        agentSeq: seq,
        streamsVersion: news.streamsVersion,
        protection: { status: 'protected' },
      }
    case 'capabilities':
      return { ...doc, capabilities: news.capabilities }
    case 'undone':
    case 'given_back':
    case 'recovered':
      // The close it belongs to is another document's.
      return doc
    case 'unprotected':
      return { ...doc, protection: { status: 'unprotected', reason: news.reason } }
    case 'closing': {
      if (doc.closing !== null) return withTakenOver(doc, doc.closing, news.report, at)
      const { report } = news
      return step(
        { ...doc, agent: doc.agent ?? news.agent, closing: { at, seq, report } },
        { at, event: 'closing', detail: describeAttempt(report) },
      )
    }
    case 'result': {
      // A refusal may be followed by a second try that goes through; nothing follows a success.
      if (doc.closing?.report.closeId !== news.closeId || doc.result?.result.ok) return doc
      const { result } = news
      if (!result.ok && doc.result !== null && doc.result.seq >= seq) return doc
      return step({ ...doc, result: { at, seq, result } }, answerStep(at, result))
    }
    case 'stayed':
      if (doc.closing?.report.closeId !== news.closeId || doc.stayedAt !== null || doc.gone !== null) return doc
      return step({ ...doc, stayedAt: at }, { at, event: 'stayed' })
    case 'gone':
      return withGone(doc, at, 'pagehide')
  }
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
      return did.direct === null ? did.action : `${did.action}, ${did.direct}`
    case 'left':
      return `${did.action}, ${did.reason}`
    case 'none':
    case 'cannot':
      return did.action
  }
}
