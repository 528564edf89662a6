/**
 * Entries whose exposure is still open. Its end becomes known later, with or without a flag: an agent has only one flag, which
 * somebody may dismiss, and which gives place to a more urgent one.
 */
import type { AgentKey, AgentState } from '../agent'
import { agentKey } from '../agent'
import { isOfflineWhileOpen } from '../close-report'
import type { Exposure, Sighting } from '../exposure'
import { exposureUntil, sightingOf } from '../exposure'
import type { Amendment, LogEntry } from '../log-entry'
import { agentOf, dutiesOf, withoutDuties } from './close'
import type { DutyKind } from './duties'
import type { CcpEvent } from './events'
import { isSaidAfter } from '../clock'
import type { CloseState } from './state'

/** The exposure of a close is open: its end is not known yet. */
export interface ExposureDuty {
  readonly kind: 'exposure'
  /** The state that the close left, and when it began, in ms since the epoch. */
  readonly stateBefore: AgentState
  readonly since: number
}

export const EXPOSURE: DutyKind<ExposureDuty> = {
  // The oldest are dropped: their entries say that the end is unknown.
  most: 200,
  // While the agent's CCP is open, the flag knows when the exposure ends.
  begin: (_state, _close, { stateBefore, at, exposure, cause }) =>
    exposure?.certainty !== 'open' || isOfflineWhileOpen(cause) ? null : { kind: 'exposure', stateBefore, since: at },
}

/** An open exposure, with its close. */
interface Open extends Omit<ExposureDuty, 'kind'> {
  readonly closeId: string
  readonly agent: AgentKey
}

/** What a sighting of its agent amends in a close. */
export function returnTo(
  { closeId, since, stateBefore }: Pick<Open, 'closeId' | 'since' | 'stateBefore'>,
  seen: Sighting,
): Amendment {
  // Where the clock was set back since, the duration is unknown.
  const exposure: Exposure =
    seen.at > since ? exposureUntil(since, stateBefore, seen) : { from: since, until: null, certainty: 'open' }
  return {
    id: closeId,
    exposure,
    step: { at: seen.at, event: 'agent_returned', detail: seen.state.name },
  }
}

/**
 * The state with the open exposures after an event, and what the event amends.
 * @param event null if it is not about an agent.
 * @param entries the entries that it has finalized.
 * @param amendments the amendments that are known already.
 */
export function withExposures(
  state: CloseState,
  event: CcpEvent | null,
  entries: readonly LogEntry[],
  amendments: readonly Amendment[],
): { readonly state: CloseState; readonly amendments: readonly Amendment[] } {
  const open = dutiesOf(state, 'exposure').map(({ close, duty: { since, stateBefore } }): Open => {
    return { closeId: close.id, agent: agentOf(close), since, stateBefore }
  })
  const known = new Set(amendments.filter(({ exposure }) => exposure !== null).map(({ id }) => id))
  const shown = open.flatMap((one) =>
    known.has(one.closeId) ? [] : (endOf(one, entries) ?? returnOf(state, one, event) ?? []),
  )
  const over = new Set([...known, ...shown.map(({ id }) => id)])
  const next = withoutDuties(state, ({ kind }, { id }) => kind === 'exposure' && over.has(id))
  return { state: next, amendments: [...amendments, ...shown] }
}

/** An agent who is Offline by Connect's word has been Offline since then at the latest. */
function endOf(one: Open, entries: readonly LogEntry[]): Amendment | null {
  const entry = entries.find((other) => {
    return other.outcome === 'confirmed' && other.at > one.since && agentOf(other) === one.agent
  })
  if (entry === undefined) return null
  const at = entry.at + (entry.tookMs ?? 0)
  const exposure: Exposure = { from: one.since, until: at, certainty: 'at_most' }
  return { id: one.closeId, exposure, step: { at, event: 'verified_offline' } }
}

function returnOf({ ended }: CloseState, one: Open, event: CcpEvent | null): Amendment | null {
  if (event?.type !== 'document' || event.docEvent.type !== 'agent') return null
  const { header, docEvent, at } = event
  // A late message of a document whose close is finalized says nothing of a return.
  if (Object.hasOwn(ended, header.docId) || !isSaidAfter(at, one.since)) return null
  return agentKey(header.instance, docEvent.agent) === one.agent ? returnTo(one, sightingOf(docEvent.agent, at)) : null
}
