/** The entry of a page that nothing of ours is at work in: once in its life, when its patience is over. */
import { instanceKey } from '../agent'
import type { LogEntry } from '../log-entry'
import type { SessionEvent } from './events'
import { isElsewhere } from './documents'
import type { SessionsState } from './state'

/** The id of that entry. */
export function unprotectedId(docId: string): string {
  return `${docId}-page`
}

/**
 * Whether a page in which no agent shows belongs to a CCP that is protected: the agent workspace around it, or a frame
 * inside of it. The agent is seen there, and nothing is missing here.
 */
export function isAroundCcp(
  { documents }: SessionsState,
  { header, place }: Pick<Extract<SessionEvent, { type: 'news' }>, 'header' | 'place'>,
): boolean {
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

/** null where an event tells of no such page, or of one that has its entry. The state is the one before the event. */
export function unprotectedEntry(state: SessionsState, event: SessionEvent, extensionVersion: string): LogEntry | null {
  const { documents, ended } = state
  if (event.type !== 'news' || event.news.type !== 'unprotected' || isAroundCcp(state, event)) return null
  const { header, news, at, place } = event
  const doc = documents[header.docId]
  if (Object.hasOwn(ended, header.docId) || doc?.gone != null || (doc !== undefined && isElsewhere(doc, place)))
    return null
  // Said again, or said late by a page whose agent has shown since.
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
    reason: news.reason,
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
