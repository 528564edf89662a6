/**
 * The results of closes in mode `act`: how many called for Offline, how many agents were set Offline, how many were left
 * Available and for how long.
 */
import type { Cause, LogEntry, Outcome } from './log-entry'
import { needsAttention } from './log-entry'
import { NO_CLOSE } from './pilot-report'

/** The figures of the closes of a month, a week, a cause, a routing profile, a label or an agent. */
export interface ResultFigures {
  /** Closes that called for Offline. */
  readonly closes: number
  /** Closes that Connect has confirmed. */
  readonly setOffline: number
  /** Closes after which the agent was, or may have been, left Available. */
  readonly left: number
  /** How long those agents were Available with nobody there, in ms, as far as that is known to have ended. */
  readonly leftMs: number
  /** Those of `left` whose end is unknown: not in `leftMs`. */
  readonly open: number
  /** Half of the confirmed closes took no longer than this, in ms; null without any. */
  readonly medianMs: number | null
}

/** How closes are grouped. */
export const RESULT_GROUPS = ['week', 'cause', 'profile', 'label', 'agent'] as const
export type ResultGroup = (typeof RESULT_GROUPS)[number]

export interface ResultRow extends ResultFigures {
  /** A week's first day (`2026-11-23`), a cause, the name of a routing profile or an agent, a label; empty where it is not known. */
  readonly name: string
}

export interface RunningResult {
  readonly total: ResultFigures
  readonly groups: Readonly<Record<ResultGroup, readonly ResultRow[]>>
}

/** How times are named, by the reader's own clock, so that names sort as times do. */
export interface Calendar {
  /** `2026-11`. */
  readonly monthOf: (at: number) => string
  /** The first day of the week: `2026-11-23`. */
  readonly weekOf: (at: number) => string
}

/** The outcomes of closes that may be counted. */
export const COUNTED_OUTCOMES = [
  'confirmed',
  'accepted',
  'unconfirmed',
  'failed',
  'left_available',
] as const satisfies readonly Outcome[]
const COUNTED: ReadonlySet<Outcome> = new Set(COUNTED_OUTCOMES)

/** Whether a close called for Offline in mode `act`: observed closes are in the pilot's report. */
export function isCounted({ would, cause, outcome }: LogEntry): boolean {
  return would === undefined && !NO_CLOSE.has(cause) && COUNTED.has(outcome)
}

/**
 * The result of a month.
 * @param entries in any order; those of other months, and of closes that were only observed, may be among them.
 */
export function runningResult(entries: readonly LogEntry[], month: string, calendar: Calendar): RunningResult {
  const counted = entries.filter((entry) => isCounted(entry) && calendar.monthOf(entry.at) === month)
  const names: Readonly<Record<ResultGroup, (entry: LogEntry) => string>> = {
    week: ({ at }) => calendar.weekOf(at),
    cause: ({ cause }) => cause satisfies Cause,
    profile: ({ routingProfile }) => routingProfile ?? '',
    label: ({ label }) => label ?? '',
    agent: ({ agentName, username }) => agentName || username,
  }
  const grouped = (group: ResultGroup) => rowsOf(counted, names[group], group === 'week')
  return {
    total: figuresOf(counted),
    groups: {
      week: grouped('week'),
      cause: grouped('cause'),
      profile: grouped('profile'),
      // Most machines have none.
      label: counted.some(({ label }) => label !== undefined) ? grouped('label') : [],
      agent: grouped('agent'),
    },
  }
}

/** Weeks in their order; otherwise the rows that left most agents Available first. */
function rowsOf(entries: readonly LogEntry[], nameOf: (entry: LogEntry) => string, isByName: boolean): ResultRow[] {
  const groups = new Map<string, LogEntry[]>()
  for (const entry of entries) {
    const name = nameOf(entry)
    const group = groups.get(name)
    if (group) group.push(entry)
    else groups.set(name, [entry])
  }
  const rows = [...groups].map(([name, group]) => ({ name, ...figuresOf(group) }))
  const byName = (a: ResultRow, b: ResultRow) => a.name.localeCompare(b.name)
  return rows.sort(isByName ? byName : (a, b) => b.left - a.left || b.closes - a.closes || byName(a, b))
}

function figuresOf(entries: readonly LogEntry[]): ResultFigures {
  const confirmed = entries.filter(({ outcome }) => outcome === 'confirmed')
  const left = entries.filter(needsAttention)
  const times = left.map(timeOf)
  return {
    closes: entries.length,
    setOffline: confirmed.length,
    left: left.length,
    leftMs: times.reduce<number>((sum, ms) => sum + (ms ?? 0), 0),
    open: times.filter((ms) => ms === null).length,
    medianMs: medianOf(confirmed.flatMap(({ tookMs }) => tookMs ?? [])),
  }
}

/** For how long an agent was left Available at most, in ms; null where it is not known. Older versions noted no exposure. */
function timeOf({ exposure }: LogEntry): number | null {
  const known = exposure as LogEntry['exposure'] | undefined
  if (!known || known.until === null || known.certainty === 'open') return null
  return Math.max(0, known.until - known.from)
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.floor((sorted.length - 1) / 2)]
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2
}
