/** A page that is not protected: its entry, once in its life, when it has waited long enough; and the flag after its close. */
import { instanceKey } from '../agent'
import type { LogEntry } from '../log-entry'
import type { CcpDocument } from './ccp-document'
import { unprotectedBecause } from './ccp-document'
import { newClose } from './close'
import type { Context } from './context'
import { withDuty } from './duties'
import type { CcpEvent } from './events'
import { isElsewhere } from './documents'
import type { CloseState } from './state'

/** The id of the entry of an unprotected page. */
export function unprotectedId(docId: string): string {
  return `${docId}-page`
}

/**
 * Whether a page without an agent belongs to a CCP that is protected: the agent workspace around it, or a frame inside it. The
 * agent is seen there, and nothing is missing here.
 */
export function isAroundCcp(
  { documents }: CloseState,
  { header, place }: Pick<Extract<CcpEvent, { type: 'document' }>, 'header' | 'place'>,
): boolean {
  // A page that has shown an agent is a CCP itself.
  if (documents[header.docId]?.agent != null) return false
  return Object.values(documents).some(
    (doc) =>
      place !== null &&
      doc.docId !== header.docId &&
      doc.place?.tabId === place.tabId &&
      doc.gone === null &&
      doc.protection.status === 'protected' &&
      instanceKey(doc.instance) === instanceKey(header.instance),
  )
}

const NO_STATE = { name: '', type: 'unknown', arn: null, startTimestamp: null } as const

/** null where an event reports no such page, or one that has its entry. @param state the state before the event. */
export function unprotectedEntry(state: CloseState, event: CcpEvent, extensionVersion: string): LogEntry | null {
  const { documents, ended } = state
  if (event.type !== 'document' || event.docEvent.type !== 'unprotected' || isAroundCcp(state, event)) return null
  const { header, docEvent, at, place } = event
  if (docEvent.soFar) return null
  const doc = documents[header.docId]
  if (Object.hasOwn(ended, header.docId) || doc?.gone != null || (doc !== undefined && isElsewhere(doc, place)))
    return null
  // Reported again, or reported late by a page in which an agent has shown since.
  if (doc !== undefined && doc.protection.status !== 'waiting') return null
  return {
    id: unprotectedId(header.docId),
    at,
    instance: header.instance,
    username: '',
    agentName: '',
    surface: header.surface,
    framed: header.framed,
    stateBefore: NO_STATE,
    outcome: 'unprotected',
    evidence: 'none',
    reason: docEvent.reason,
    error: null,
    cause: 'none',
    event: null,
    tookMs: null,
    exposure: null,
    streamsVersion: doc?.streamsVersion ?? null,
    extensionVersion,
    timeline: [{ at: Math.min(header.openedAt, at), event: 'opened' }],
  }
}

/**
 * When the flag of a page that was flagged as not protected is due, by the time at which the page went; null for every other
 * page.
 */
export function unprotectedGoneAt({ agent, gone, successor, protection }: CcpDocument): number | null {
  return agent === null && successor === null && unprotectedBecause(protection) !== null ? (gone?.at ?? null) : null
}

/**
 * The state with a flag for a page that has gone and was not protected: nothing was done at its close, and its agent, whose name
 * nobody knows, may still be Available. Where a CCP of this browser shows an agent of the instance, it is responsible for them.
 * @param now in ms since the epoch.
 */
export function withFlagOfUnprotected(
  state: CloseState,
  doc: CcpDocument,
  now: number,
  { mode, rulesOf }: Pick<Context, 'mode' | 'rulesOf'>,
): CloseState {
  const since = unprotectedGoneAt(doc)
  const isAgentKnown = Object.values(state.documents).some(
    ({ agent, instance }) => agent !== null && instanceKey(instance) === instanceKey(doc.instance),
  )
  if (since === null || isAgentKnown || mode === 'off' || rulesOf(doc).excluded !== null) return state
  const { instance, url } = doc
  const id = unprotectedId(doc.docId)
  const outcome = 'unprotected'
  const reason = unprotectedBecause(doc.protection)
  const verdict = { at: now, outcome, evidence: 'none', reason, cause: 'none' } as const
  const close = { ...newClose({ id, instance, username: '' }), verdict }
  return withDuty({ ...state, closes: { ...state.closes, [id]: close } }, id, {
    kind: 'flag',
    why: 'unprotected',
    agentName: '',
    since,
    outcome,
    url,
    stateBefore: NO_STATE,
    target: null,
    isObserved: mode === 'observe',
  })
}
