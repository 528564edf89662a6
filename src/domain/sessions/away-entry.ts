/** The entries and flags of agents who are not there, where no close of a page makes them. */
import type { FlagReason } from '../away'
import type { AwayKind } from '../close-report'
import type { LogEntry } from '../log-entry'
import type { CcpDocument } from './ccp-document'
import type { Flag, SessionsState } from './state'

interface Told {
  readonly type: 'away_flagged' | 'away_silent'
  /** The id of the entry. */
  readonly id: string
  readonly at: number
  readonly kind: AwayKind
  readonly reason?: FlagReason
}

/** null where nothing is known of the agent. */
export function awayEntry(
  { away }: SessionsState,
  { agent, instance, surface, framed, streamsVersion }: CcpDocument,
  { type, id, at, kind, reason }: Told,
  extensionVersion: string,
): LogEntry | null {
  if (agent === null) return null
  const since = (kind === 'slept' ? away.slept?.since : away.presence?.since) ?? at
  // They may have become ready while nobody was there.
  const from = Math.min(at, Math.max(since, agent.state.startTimestamp ?? since))
  return {
    id,
    at: from,
    instance,
    username: agent.username,
    agentName: agent.name,
    surface,
    framed,
    stateBefore: agent.state,
    target: agent.offlineState?.name ?? null,
    outcome: type === 'away_flagged' ? 'left_available' : 'unconfirmed',
    evidence: 'none',
    reason: type === 'away_flagged' ? (reason ?? 'only_flagged') : 'page_silent',
    error: null,
    cause: kind,
    event: kind,
    tookMs: null,
    exposure: { from, until: null, certainty: 'open' },
    streamsVersion,
    extensionVersion,
    timeline: [],
  }
}

export function flagOf(entry: LogEntry, { url }: CcpDocument, why: AwayKind): Flag {
  const { id: closeId, instance, username, agentName, at: since, outcome, stateBefore, target = null } = entry
  const isObserved = entry.reason === 'mode_observe'
  return { why, closeId, instance, username, agentName, since, outcome, url, stateBefore, target, isObserved }
}
