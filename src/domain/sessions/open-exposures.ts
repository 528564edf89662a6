/**
 * Entries whose exposure is still open. What ends it becomes known later, whether their agent is flagged or not: there is
 * one flag an agent, it can be dismissed, and what is only observed makes way for what is not.
 */
import { agentKey } from '../agent'
import { isSignOff } from '../close-report'
import type { Exposure } from '../exposure'
import { exposureUntil } from '../exposure'
import type { Amendment, LogEntry } from '../log-entry'
import type { SessionEvent } from './events'
import type { OpenExposure, SessionsState } from './state'

/** The oldest are forgotten: their entries say that nobody knows. */
const MAX_OPEN = 200

type AgentNews = Extract<SessionEvent, { type: 'news' }> & { readonly news: { readonly type: 'agent' } }

const keyOf = (one: Pick<LogEntry, 'instance' | 'username'>): string => agentKey(one.instance, one)

/** What is open of an agent who is seen again. */
export function openOf({ exposures }: SessionsState, { header, news, at }: AgentNews): OpenExposure[] {
  const key = agentKey(header.instance, news.agent)
  return exposures.filter((one) => keyOf(one) === key && at > one.since)
}

/** What the sight of their agent tells of a close. */
export function returnTo({ closeId, since, stateBefore }: OpenExposure, { news, at }: AgentNews): Amendment {
  const { state } = news.agent
  return {
    id: closeId,
    exposure: exposureUntil(since, stateBefore, { at, state }),
    step: { at, event: 'agent_returned', detail: state.name },
  }
}

/** What entries end that were written before them: whoever is Offline by Connect's word has been since then at the latest. */
export function endedByEntries({ exposures }: SessionsState, entries: readonly LogEntry[]): Amendment[] {
  return exposures.flatMap((one) => {
    const entry = entries.find((other) => isEndOf(one, other))
    if (entry === undefined) return []
    const at = entry.at + (entry.tookMs ?? 0)
    const exposure: Exposure = { from: one.since, until: at, certainty: 'at_most' }
    return [{ id: one.closeId, exposure, step: { at, event: 'verified_offline' } }]
  })
}

function isEndOf(one: OpenExposure, entry: LogEntry): boolean {
  return entry.outcome === 'confirmed' && entry.at > one.since && keyOf(entry) === keyOf(one)
}

/** The state with what is open after an event: less what has ended, and what its entries leave open. */
export function withOpenExposures(
  state: SessionsState,
  amendments: readonly Amendment[],
  entries: readonly LogEntry[],
): SessionsState {
  const over = new Set(amendments.filter(({ exposure }) => exposure !== null).map(({ id }) => id))
  const stand = state.exposures.filter(({ closeId }) => !over.has(closeId))
  const begun = entries
    .filter(({ exposure, cause }) => exposure?.certainty === 'open' && !isSignOff(cause))
    .map(({ id: closeId, instance, username, stateBefore, at }) => {
      return { closeId, instance, username, stateBefore, since: at }
    })
  if (over.size === 0 && begun.length === 0) return state
  return { ...state, exposures: [...stand, ...begun].slice(-MAX_OPEN) }
}
