/**
 * The return offer: an agent who opens a CCP again after a close that set them Offline stays Offline. They are told so, and one
 * click restores their status: by the page that they have opened, which looks once more whether it is still so.
 */
import type { AgentState } from '../agent'
import { agentKey, isOfContact } from '../agent'
import type { Passed } from '../clock'
import { hasPassed } from '../clock'
import { isOfflineWhileOpen } from '../close-report'
import type { CloseRules } from '../close-rules'
import { isFromState } from '../close-rules'
import type { LogEntry } from '../log-entry'
import { isOlderLook, isSamePeriod } from '../state-period'
import type { CcpDocument } from './ccp-document'
import { isOpen, keyOf } from './ccp-document'
import type { Close } from './close'
import { agentOf, dutiesOf, updateClose } from './close'
import { leadOf } from './close-facts'
import type { PendingClose } from './closes'
import { rulesOfClose } from './in-scope'
import type { DutyKind } from './duties'
import type { CcpEvent, ReceivedEvent } from './events'
import type { StatusRestore } from './guarded-close'
import { LATE_REQUEST_MS } from './guarded-close'
import type { CloseState } from './state'

export interface ReturnOffer {
  readonly kind: 'return_offer'
  /** When the close began, in ms since the epoch. */
  readonly since: number
  /** The state that the close has ended: the agent's own, behind that of a contact. */
  readonly stateBefore: AgentState
  /** The document whose agent has taken the offer, and when; null until then. */
  readonly taken: { readonly docId: string; readonly at: number } | null
  /** The type of the error with which Connect has refused; null while it has not. */
  readonly refused: string | null
}

/** What the popup, and a notification, say of a document's agent; null where there is nothing to offer. */
export interface ReturnStatus {
  readonly closeId: string
  readonly is: 'offered' | 'asking' | 'refused'
  readonly since: number
  readonly stateBefore: AgentState
  readonly error: string | null
}

/** As long as a session at an instance. */
const OFFER_MS = 12 * 60 * 60_000
/** Who is back later than this after the close, in ms, has had a break, and expects no notification. */
const NOTIFIED_MS = 15 * 60_000

export const RETURN_OFFER: DutyKind<ReturnOffer> = {
  most: 120,
  isOneAnAgent: true,
  begin: (state, close, entry, _now, { rulesOf }) => {
    const own = ownState(close, entry)
    if (own === null || !isFromState(own, rulesOfClose(close, rulesOf).fromStates)) return null
    if (!hasTakenStatus(state, close, entry, own)) return null
    return { kind: 'return_offer', since: entry.at, stateBefore: own, taken: null, refused: null }
  },
  isOver: ({ since }, _now, passed: Passed) => passed(since, OFFER_MS),
  // What the agent, or somebody else, has chosen since is theirs.
  isEndedBy: (duty, close, event, _before, { documents }) =>
    isSeenElsewhere(duty.stateBefore, close, event, documents) || isRestored(duty, event),
}

/** The state that the agent had chosen before the close, also where a contact's state lay over it; null where it is not known. */
function ownState(close: PendingClose, { stateBefore }: LogEntry): AgentState | null {
  if (!isOfContact(stateBefore)) return stateBefore
  const lead = leadOf(close)
  const { chosenState, nextState } = lead.closing?.agent ?? lead.agent ?? {}
  // A state that is queued for the end of the contacts is a later choice; Offline is what a close queues.
  if (nextState !== undefined && nextState.type !== 'offline') return nextState
  const { availability } = stateBefore
  return chosenState === undefined ? null : { ...chosenState, ...(availability && { availability }) }
}

/** Whether a close has set an agent Offline who may not have meant it: who logs out, or was away, has. */
function hasTakenStatus({ documents }: CloseState, close: PendingClose, entry: LogEntry, own: AgentState): boolean {
  const { outcome, cause, reason } = entry
  const isSet = (outcome === 'confirmed' || outcome === 'accepted') && reason !== 'state_changed'
  const isMeant = cause === 'logged_out' || cause === 'stayed' || isOfflineWhileOpen(cause)
  const seen = Object.values(documents).filter((doc) => isOpen(doc) && keyOf(doc) === agentOf(close))
  const states = [close.returned?.state, ...seen.map(({ agent }) => agent?.state)]
  const isChosenSince = states.some((state) => state !== undefined && isElsewhere(own, state))
  return isSet && !isMeant && !isChosenSince
}

/** By what the document knows: a message that came late says nothing of the present. */
function isSeenElsewhere(
  before: AgentState,
  close: Close,
  event: CcpEvent,
  documents: CloseState['documents'],
): boolean {
  if (event.type !== 'document' || event.docEvent.type !== 'agent') return false
  const { instance, agent } = documents[event.header.docId] ?? {}
  if (agent == null || instance === undefined) return false
  return agentKey(instance, agent) === agentOf(close) && isElsewhere(before, agent.state)
}

/** Whether an agent has left Offline since the close. A late snapshot may still show the period that the close has ended. */
function isElsewhere(before: AgentState, now: AgentState): boolean {
  return now.type !== 'offline' && !isSamePeriod(before, now)
}

/** Whether the page has restored the status, by Connect's answer to it. */
function isRestored({ taken }: ReturnOffer, event: CcpEvent): boolean {
  if (event.type !== 'document' || event.docEvent.type !== 'given_back') return false
  return event.docEvent.result.ok && event.header.docId === taken?.docId
}

/** What a document's agent is offered. @param rules those of the document. */
export function returnStatusOf(
  state: CloseState,
  doc: CcpDocument,
  { mode, excluded }: Pick<CloseRules, 'mode' | 'excluded'>,
  now: number,
): ReturnStatus | null {
  const { agent } = doc
  const offer = offerFor(state, doc)
  if (offer === null || agent === null || !isOpen(doc) || mode !== 'act' || excluded !== null) return null
  const { close, duty } = offer
  const { since, stateBefore, taken, refused } = duty
  const isOffline = agent.state.type === 'offline' && !isOlderLook(agent.state, stateBefore)
  if (!isOffline || agent.contacts.length > 0 || close.docIds.includes(doc.docId)) return null
  const error = taken?.docId === doc.docId ? refused : null
  const isAsking = taken !== null && refused === null && !hasPassed(taken.at, LATE_REQUEST_MS, now)
  const is = error !== null ? 'refused' : isAsking ? 'asking' : 'offered'
  return { closeId: close.id, is, since, stateBefore, error }
}

/** Whether the close was so lately that an agent who is back is notified. */
export function isRecent({ since }: ReturnStatus, now: number): boolean {
  return !hasPassed(since, NOTIFIED_MS, now)
}

/** The closes with an offer that stands, in whatever document. */
export function closesWithOffer(state: CloseState): ReadonlySet<string> {
  return new Set(dutiesOf(state, 'return_offer').map(({ close }) => close.id))
}

/** The status that a document has to restore because its agent has taken the offer; null where they have not. */
export function takenReturnOf(state: CloseState, doc: CcpDocument): StatusRestore | null {
  const offer = offerFor(state, doc)
  if (offer?.duty.taken?.docId !== doc.docId) return null
  const { close, duty } = offer
  const until = offer.duty.taken.at + LATE_REQUEST_MS
  return { closeId: close.id, username: close.username, count: 1, until, state: duty.stateBefore }
}

/** The state once a document's agent has taken the offer. */
export function withReturnTaken(state: CloseState, docId: string, at: number): CloseState {
  const doc = state.documents[docId]
  const offer = doc === undefined ? null : offerFor(state, doc)
  if (offer === null) return state
  return withOffer(state, offer.close.id, (duty) => ({ ...duty, taken: { docId, at }, refused: null }))
}

/** The state once the page has reported Connect's answer. A change that Connect has accepted shows in the agent's next facts. */
export function withReturnAnswer(state: CloseState, { docEvent, header }: ReceivedEvent): CloseState {
  if (docEvent.type !== 'given_back' || docEvent.result.ok) return state
  const { closeId, result } = docEvent
  return withOffer(state, closeId, (duty) =>
    duty.taken?.docId === header.docId ? { ...duty, refused: result.error.type } : duty,
  )
}

function withOffer(state: CloseState, closeId: string, change: (duty: ReturnOffer) => ReturnOffer): CloseState {
  return updateClose(state, closeId, (close) => ({
    ...close,
    duties: close.duties.map((duty) => (duty.kind === 'return_offer' ? change(duty) : duty)),
  }))
}

function offerFor(state: CloseState, doc: CcpDocument): { close: Close; duty: ReturnOffer } | null {
  const key = keyOf(doc)
  return dutiesOf(state, 'return_offer').find(({ close }) => agentOf(close) === key) ?? null
}
