/**
 * Entries whose exposure is still open. What ends it becomes known later, whether their agent is flagged or not: there is
 * one flag an agent, it can be dismissed, and what is only observed makes way for what is not.
 */
import { agentKey } from '../agent'
import { isSignOff } from '../close-report'
import type { Exposure, Sighting } from '../exposure'
import { exposureUntil } from '../exposure'
import type { Amendment, LogEntry } from '../log-entry'
import type { SessionEvent } from './events'
import { isSaidAfter } from './set-back'
import type { OpenExposure, SessionsState } from './state'

/** The oldest are forgotten: their entries say that nobody knows. */
const MAX_OPEN = 200

const keyOf = (one: Pick<LogEntry, 'instance' | 'username'>): string => agentKey(one.instance, one)

/** What the sight of their agent tells of a close. */
export function returnTo(
  { closeId, since, stateBefore }: Pick<OpenExposure, 'closeId' | 'since' | 'stateBefore'>,
  seen: Sighting,
): Amendment {
  // By a clock that was set back since, nobody can say for how long it was.
  const exposure: Exposure =
    seen.at > since ? exposureUntil(since, stateBefore, seen) : { from: since, until: null, certainty: 'open' }
  return {
    id: closeId,
    exposure,
    step: { at: seen.at, event: 'agent_returned', detail: seen.state.name },
  }
}

/**
 * The state with what is open after an event, and what the event tells of what was open.
 * @param event null where it is none of an agent's.
 * @param entries what it has concluded.
 * @param amendments what is known of entries already.
 */
export function withExposures(
  state: SessionsState,
  event: SessionEvent | null,
  entries: readonly LogEntry[],
  amendments: readonly Amendment[],
): { readonly state: SessionsState; readonly amendments: readonly Amendment[] } {
  const known = new Set(amendments.filter(({ exposure }) => exposure !== null).map(({ id }) => id))
  const open = [...state.exposures.filter(({ closeId }) => !known.has(closeId)), ...entries.flatMap(begunBy)]
  const told = open.flatMap((one) => endOf(one, entries) ?? returnOf(state, one, event) ?? [])
  if (open.length === 0 && known.size === 0) return { state, amendments }
  const over = new Set(told.map(({ id }) => id))
  const exposures = open.filter(({ closeId }) => !over.has(closeId)).slice(-MAX_OPEN)
  return { state: { ...state, exposures }, amendments: [...amendments, ...told] }
}

/** Of one whose CCP is open, the flag knows. */
function begunBy({ id: closeId, instance, username, stateBefore, at, exposure, cause }: LogEntry): OpenExposure[] {
  if (exposure?.certainty !== 'open' || isSignOff(cause)) return []
  return [{ closeId, instance, username, stateBefore, since: at }]
}

/** Whoever is Offline by Connect's word has been since then at the latest. */
function endOf(one: OpenExposure, entries: readonly LogEntry[]): Amendment | null {
  const entry = entries.find((other) => {
    return other.outcome === 'confirmed' && other.at > one.since && keyOf(other) === keyOf(one)
  })
  if (entry === undefined) return null
  const at = entry.at + (entry.tookMs ?? 0)
  const exposure: Exposure = { from: one.since, until: at, certainty: 'at_most' }
  return { id: one.closeId, exposure, step: { at, event: 'verified_offline' } }
}

function returnOf({ ended }: SessionsState, one: OpenExposure, event: SessionEvent | null): Amendment | null {
  if (event?.type !== 'news' || event.news.type !== 'agent') return null
  const { header, news, at } = event
  // What is told late of a document that is done with tells of no return.
  if (Object.hasOwn(ended, header.docId) || !isSaidAfter(at, one.since)) return null
  return agentKey(header.instance, news.agent) === keyOf(one) ? returnTo(one, { at, state: news.agent.state }) : null
}
