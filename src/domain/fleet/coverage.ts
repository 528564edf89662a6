/**
 * When a machine reports what is protected on it: at a start, when an agent opens or closes a CCP or begins or ends taking
 * contacts, and at an interval.
 */
import type { AgentFacts, AgentKey } from '../agent'
import { keyOf } from '../closes/ccp-document'
import type { CloseState } from '../closes/state'

/** What called for a coverage record. */
export type CoverageCause = 'start' | 'change' | 'interval'

/** What the last coverage record reported. */
export interface ReportedCoverage {
  /** ms since the epoch. */
  readonly at: number
  /** By agent with a CCP open: whether they took contacts. */
  readonly agents: Readonly<Record<AgentKey, boolean>>
}

/** Changes are reported no more often than this. */
const CHANGE_MS = 60_000

/** By agent with a CCP open here: whether they take contacts. An agent with a contact counts as before it. */
export function agentsOf(state: CloseState, reported: ReportedCoverage | null): ReportedCoverage['agents'] {
  const agents: Record<AgentKey, boolean> = {}
  for (const doc of Object.values(state.documents)) {
    const key = keyOf(doc)
    if (key === null || doc.agent === null || doc.gone !== null) continue
    agents[key] = (agents[key] ?? false) || (takesContacts(doc.agent) ?? reported?.agents[key] ?? false)
  }
  return agents
}

function takesContacts({ state: { type } }: AgentFacts): boolean | null {
  switch (type) {
    case 'routable':
      return true
    case 'not_routable':
    case 'offline':
    case 'error':
      return false
    default:
      return null
  }
}

/** When the next record is due, and why. `at` is in ms since the epoch, and may be past. */
export function nextCoverage(
  reported: ReportedCoverage | null,
  agents: ReportedCoverage['agents'],
  isStart: boolean,
  intervalMs: number,
  now: number,
): { readonly at: number; readonly cause: CoverageCause } {
  // A time in the future was noted before the clock was set back.
  if (isStart || reported === null || reported.at > now) return { at: now, cause: isStart ? 'start' : 'interval' }
  const byInterval = reported.at + intervalMs
  const byChange = reported.at + CHANGE_MS
  return isSame(reported.agents, agents) || byInterval <= byChange
    ? { at: byInterval, cause: 'interval' }
    : { at: byChange, cause: 'change' }
}

function isSame(a: ReportedCoverage['agents'], b: ReportedCoverage['agents']): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)] as AgentKey[])
  return [...keys].every((key) => a[key] === b[key])
}
