/** The entries and flags of agents who are away, where no close of a page makes them. */
import type { AwayKind } from '../close-report'
import type { LogEntry } from '../log-entry'
import type { CcpDocument } from './ccp-document'
import { closeOfEntry } from './close'
import { withDuty } from './duties'
import type { CloseState } from './state'
import type { FlagReason } from '../reasons'

interface AwayNotice {
  readonly type: 'away_flagged' | 'away_silent'
  /** The id of the entry. */
  readonly id: string
  readonly at: number
  readonly kind: AwayKind
  readonly reason?: FlagReason
}

/** null where nothing is known of the agent. */
export function awayEntry(
  { away }: CloseState,
  { agent, agentAt, instance, surface, framed, streamsVersion }: CcpDocument,
  { type, id, at, kind, reason }: AwayNotice,
  extensionVersion: string,
): LogEntry | null {
  if (agent === null) return null
  const since = (kind === 'slept' ? away.slept?.since : away.presence?.since) ?? at
  // The agent may have become Available while nobody was there: the page reported it, and only this machine's clock dates it.
  const from = Math.min(at, Math.max(since, agentAt))
  return {
    id,
    at: from,
    instance,
    username: agent.username,
    agentName: agent.name,
    ...(agent.routingProfile !== null && { routingProfile: agent.routingProfile }),
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

/** The flag of such an entry, replacing any other flag of the agent. */
export function withAwayFlag(state: CloseState, entry: LogEntry, { url }: CcpDocument, why: AwayKind): CloseState {
  const { agentName, at: since, outcome, stateBefore, target = null } = entry
  const isObserved = entry.reason === 'mode_observe'
  const next = { ...state, closes: { ...state.closes, [entry.id]: closeOfEntry(entry, since) } }
  return withDuty(next, entry.id, {
    kind: 'flag',
    why,
    agentName,
    since,
    outcome,
    url,
    stateBefore,
    target,
    isObserved,
  })
}
