/**
 * Agents who are away while their CCP is open: what is stored about them.
 *
 *   flagged ------+
 *      |          |
 *      v          v
 *   asked --> offline --back--> notified, and forgotten
 *    |  ^
 *    v  |
 *  declined --> over
 *
 * Each agent has one case at most. A case ends when somebody is at the computer again; a flagged one also when the agent's
 * state changes. Nothing here restores a state.
 */
import type { AgentKey } from '../agent'
import { agentKey, hasLiveContact, isOfContact } from '../agent'
import type { AwayKind } from '../close-report'
import { isAway } from '../close-report'
import type { LogEntry } from '../log-entry'
import { isFromState } from '../close-rules'
import type { CcpEvent } from './events'
import type { Context } from './context'
import { awayEntry, withAwayFlag } from './away-entry'
import { endsByReturn } from './flags'
import { hasMoved } from './has-moved'
import type { CcpDocument } from './ccp-document'
import { wasSetBack } from '../clock'
import type { AwayCase, CloseState } from './state'
import { isOpen, keyOf } from './ccp-document'

export type AwayEvent = Extract<CcpEvent, { type: 'presence' | 'slept' | `away_${string}` }>
type PresenceEvent = Extract<AwayEvent, { type: 'presence' }>

/** Whether an event is about agents who are away, and about nothing else. */
export function isAwayEvent(event: CcpEvent): event is AwayEvent {
  return event.type === 'presence' || event.type === 'slept' || event.type.startsWith('away_')
}

/** A case that nothing ends is forgotten after this long. */
const FORGOTTEN_MS = 5 * 60_000

/** Whether the document's page can be asked to set its agent Offline. */
export function canBeAskedForOffline(doc: CcpDocument): boolean {
  return isOpen(doc) && doc.orphanedAt === null && doc.place !== null && doc.protection.status === 'protected'
}

/** What such an event makes of the state; with the entry of an agent who is flagged, or could not be set Offline. */
export function applyAway(
  state: CloseState,
  event: AwayEvent,
  extensionVersion: string,
): { state: CloseState; entry: LogEntry | null } {
  switch (event.type) {
    case 'presence':
      return {
        state: event.presence === 'active' ? withBack(state, event.at) : withPresence(state, event),
        entry: null,
      }
    case 'slept':
      return { state: withSleep(state, event), entry: null }
    case 'away_asked':
      return { state: withCase(state, event, { status: 'asked', isTry: true }), entry: null }
    case 'away_declined':
      return { state: withStatus(state, event.docId, 'asked', 'declined', event.at), entry: null }
    case 'away_notified': {
      const notified = Object.entries(state.away.cases).filter(([, { backAt }]) => backAt === null || backAt > event.at)
      return { state: { ...state, away: { ...state.away, cases: Object.fromEntries(notified) } }, entry: null }
    }
    case 'away_flagged':
    case 'away_silent': {
      const doc = state.documents[event.docId]
      const entry =
        doc === undefined || !canBeAskedForOffline(doc) ? null : awayEntry(state, doc, event, extensionVersion)
      if (doc === undefined || entry === null) return { state, entry: null }
      const status = event.type === 'away_flagged' ? 'flagged' : 'over'
      const next = withCase(state, event, { status, isTry: false })
      return { state: withAwayFlag(next, entry, doc, event.kind), entry }
    }
  }
}

function withPresence(state: CloseState, event: PresenceEvent): CloseState {
  if (event.presence === 'active' || state.away.presence?.kind === event.presence) return state
  return { ...state, away: { ...state.away, presence: { kind: event.presence, since: event.since } } }
}

/** Somebody is at the computer: an agent who was set Offline is to be notified. */
function withBack(state: CloseState, at: number): CloseState {
  const cases = Object.entries(state.away.cases).flatMap(([key, one]): [AgentKey, AwayCase][] => {
    if (wasActedOn(one)) return [[key, { ...one, backAt: one.backAt ?? at }]]
    return endsByReturn(state, one.kind) ? [] : [[key, one]]
  })
  return { ...state, away: { presence: null, slept: null, cases: Object.fromEntries(cases) } }
}

function withSleep(state: CloseState, { at, since }: Extract<AwayEvent, { type: 'slept' }>): CloseState {
  const agents = Object.values(state.documents)
    .filter((doc) => canBeAskedForOffline(doc) && (doc.openedAt <= since || wasSetBack(doc.openedAt, at)))
    .flatMap((doc) => keyOf(doc) ?? [])
  return agents.length === 0
    ? state
    : { ...state, away: { ...state.away, slept: { since, agents: [...new Set(agents)] } } }
}

function withCase(
  state: CloseState,
  { docId, kind, at }: { docId: string; kind: AwayKind; at: number },
  { status, isTry }: { status: AwayCase['status']; isTry: boolean },
): CloseState {
  const doc = state.documents[docId]
  const key = doc === undefined ? null : keyOf(doc)
  if (doc?.agent == null || key === null) return state
  const known = state.away.cases[key]
  const before = known?.backAt === null ? known.tries : 0
  const one: AwayCase = {
    kind,
    docId,
    before: doc.agent.state,
    status,
    at,
    tries: before + (isTry ? 1 : 0),
    backAt: null,
  }
  return { ...state, away: { ...state.away, cases: { ...state.away.cases, [key]: one } } }
}

function withStatus(
  state: CloseState,
  docId: string,
  from: AwayCase['status'],
  status: AwayCase['status'],
  at: number,
): CloseState {
  const cases = Object.entries(state.away.cases).map(
    ([key, one]) => [key, one.docId === docId && one.status === from ? { ...one, status, at } : one] as const,
  )
  return { ...state, away: { ...state.away, cases: Object.fromEntries(cases) } }
}

/** What new entries make of the cases that they end: an agent who is Offline is to be notified on return. */
export function withAwayCasesOf(state: CloseState, entries: readonly LogEntry[], at: number): CloseState {
  let next = state
  for (const { cause, outcome, instance, username } of entries) {
    const key = agentKey(instance, { username })
    const known = next.away.cases[key]
    if (!isAway(cause) || known?.status !== 'asked') continue
    const agent = next.documents[known.docId]?.agent
    // Accepted, but not shown in time: the page is asked again, unless the agent's state has changed by now.
    const isOffline = outcome === 'accepted' && agent != null && hasMoved(known.before, agent)
    const status = outcome === 'confirmed' || isOffline ? 'offline' : 'declined'
    // Nobody returns from a sleep: the user is there, or the machine reports an absence.
    const isThere = cause === 'slept' && next.away.presence === null
    const backAt = known.backAt ?? (isThere && status === 'offline' ? at : null)
    next = { ...next, away: { ...next.away, cases: { ...next.away.cases, [key]: { ...known, status, at, backAt } } } }
  }
  return next
}

/** Forgets what is over: the case of a flagged agent whose state has changed, and cases that nothing has ended for long. */
export function withoutEndedAwayCases(state: CloseState, now: number, rulesOf: Context['rulesOf']): CloseState {
  const { away } = state
  const states = new Map(
    Object.values(state.documents).flatMap((doc) => {
      const key = keyOf(doc)
      return key === null || doc.agent === null ? [] : [[key, doc] as const]
    }),
  )
  const stands = ([key, { status, before, backAt }]: [AgentKey, AwayCase]): boolean => {
    const agent = states.get(key)?.agent
    if (status === 'flagged' && agent != null && hasMoved(before, agent)) return false
    return backAt === null ? agent != null || status === 'offline' : now - backAt < FORGOTTEN_MS
  }
  const cases = Object.entries(away.cases).filter(stands)
  const isStillConcerned = (key: AgentKey): boolean => {
    const doc = states.get(key)
    if (doc?.agent == null || key in away.cases) return false
    const { agent } = doc
    const { fromStates } = rulesOf(doc)
    return isOfContact(agent.state) || hasLiveContact(agent) || isFromState(agent.state, fromStates)
  }
  const agents = away.slept?.agents.filter(isStillConcerned) ?? []
  if (cases.length === Object.keys(away.cases).length && agents.length === (away.slept?.agents.length ?? 0))
    return state
  const slept = away.slept === null || agents.length === 0 ? null : { ...away.slept, agents }
  return { ...state, away: { ...away, slept, cases: Object.fromEntries(cases) } }
}

/** Whether anything is known of absent agents: without it nothing can be due. */
export function hasAway({ away }: CloseState): boolean {
  return away.presence !== null || away.slept !== null || Object.keys(away.cases).length > 0
}

/** Whether what the machine reports of its user changes anything. A return counts while somebody's is awaited. */
export function isPresenceChange({ away }: CloseState, presence: PresenceEvent['presence']): boolean {
  if (presence !== 'active') return away.presence?.kind !== presence
  return (away.presence ?? away.slept) !== null || Object.values(away.cases).some(awaitsReturn)
}

function awaitsReturn(one: AwayCase): boolean {
  return one.backAt === null && wasActedOn(one)
}

/** Whether the agent was set Offline, or is being set so: they are to be notified when they are back. */
function wasActedOn({ status }: AwayCase): boolean {
  return status === 'asked' || status === 'offline'
}

/** The kind of absence of an agent who is back and has to be notified that they were set Offline; null where nobody has to be. */
export function awayToNotify({ away }: CloseState): AwayKind | null {
  const back = Object.values(away.cases).find(({ status, backAt }) => status === 'offline' && backAt !== null)
  return back?.kind ?? null
}
