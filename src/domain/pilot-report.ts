/**
 * What a pilot in mode `observe` has shown: how many closes there were, how many of them left their agent Available and
 * for how long, and how many of those `act` would have ended.
 */
import type { Cause, LogEntry } from './log-entry'

/** The figures of the closes of a day, of a cause, or of all. */
export interface PilotFigures {
  readonly closes: number
  /** Closes that left their agent Available, with nobody there. */
  readonly left: number
  /** Those of `left` that `act` would have ended. */
  readonly ended: number
  /** How long agents were left Available, in ms, as far as that is known to have ended. */
  readonly leftMs: number
  /** Those of `left` whose end is unknown: not in `leftMs`. */
  readonly open: number
  /** Whether a part of `leftMs` is an upper bound. */
  readonly isBound: boolean
}

export interface PilotReport {
  readonly total: PilotFigures
  /** From the first observed close to the last, in ms since the epoch, or null. */
  readonly span: { readonly from: number; readonly until: number } | null
  /** Every day of the span, also those without a close. */
  readonly days: readonly (PilotFigures & { readonly day: string })[]
  /** The causes that occurred, those that left most agents Available first. */
  readonly causes: readonly (PilotFigures & { readonly cause: Cause })[]
}

export const NO_FIGURES: PilotFigures = { closes: 0, left: 0, ended: 0, leftMs: 0, open: 0, isBound: false }

/** Causes of entries that are no closes: the page is still there, or was never protected. */
export const NO_CLOSE: ReadonlySet<Cause> = new Set(['none', 'stayed', 'locked', 'idle', 'slept'])

/** Longer than any pilot: a clock that was wrong once must not fill the report with empty days. */
const MAX_DAYS = 400
const HALF_DAY_MS = 12 * 60 * 60_000

/**
 * Makes the report of a log.
 * @param entries in any order; those of closes that were not observed may be among them.
 * @param dayOf names the day that a time belongs to, so that names sort as days do: `2026-11-22`.
 */
export function pilotReport(entries: readonly LogEntry[], dayOf: (at: number) => string): PilotReport {
  const observed = observedCloses(entries)
  const first = observed[0]
  const last = observed.at(-1)
  const span = first === undefined || last === undefined ? null : { from: first.at, until: last.at }
  const days = group(observed, ({ at }) => dayOf(at))
  const causes = group(observed, ({ cause }) => cause)
  return {
    total: figuresOf(observed),
    span,
    days: span === null ? [] : daysOf(span, days, dayOf).map((day) => ({ day, ...(days.get(day) ?? NO_FIGURES) })),
    causes: [...causes]
      .map(([cause, figures]) => ({ cause, ...figures }))
      .sort((a, b) => b.left - a.left || b.closes - a.closes || a.cause.localeCompare(b.cause)),
  }
}

/** Adds the figures of two disjoint sets of closes. */
export function addFigures(a: PilotFigures, b: PilotFigures): PilotFigures {
  return {
    closes: a.closes + b.closes,
    left: a.left + b.left,
    ended: a.ended + b.ended,
    leftMs: a.leftMs + b.leftMs,
    open: a.open + b.open,
    isBound: a.isBound || b.isBound,
  }
}

/**
 * The closes of the times in which mode `observe` was in force, oldest first. A close that called for nothing does not show the
 * mode: it counts where there are observed closes before and after it, with none in between that was acted on.
 */
function observedCloses(entries: readonly LogEntry[]): LogEntry[] {
  const closes = entries
    .filter(({ cause }) => !NO_CLOSE.has(cause))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  const observed: LogEntry[] = []
  /** Such closes since the last observed one; null where another mode was in force since. */
  let undecided: LogEntry[] | null = null
  for (const entry of closes) {
    if (entry.would !== undefined) {
      observed.push(...(undecided ?? []), entry)
      undecided = []
    } else if (entry.outcome === 'not_needed' && entry.reason !== 'mode_off') undecided?.push(entry)
    else undecided = null
  }
  return observed
}

function figuresOf(entries: readonly LogEntry[]): PilotFigures {
  return entries.map(figuresOfClose).reduce(addFigures, NO_FIGURES)
}

function figuresOfClose({ would, exposure }: LogEntry): PilotFigures {
  const one = { ...NO_FIGURES, closes: 1 }
  if (would === undefined || exposure === null) return one
  const { from, until, certainty } = exposure
  // The agent was on a call, or the exposure was over at once: nobody could be called.
  if (until !== null && until <= from) return one
  const left = { ...one, left: 1, ended: would === 'no_offline_state' || would === 'not_configured' ? 0 : 1 }
  if (until === null || certainty === 'open') return { ...left, open: 1 }
  return { ...left, leftMs: until - from, isBound: certainty === 'at_most' }
}

function group<K>(entries: readonly LogEntry[], keyOf: (entry: LogEntry) => K): Map<K, PilotFigures> {
  const groups = new Map<K, PilotFigures>()
  for (const entry of entries) {
    const key = keyOf(entry)
    groups.set(key, addFigures(groups.get(key) ?? NO_FIGURES, figuresOfClose(entry)))
  }
  return groups
}

/** The names of all days from the first to the last; where these are too many, of the days with closes alone. */
function daysOf(
  { from, until }: { readonly from: number; readonly until: number },
  known: ReadonlyMap<string, PilotFigures>,
  dayOf: (at: number) => string,
): string[] {
  const days = new Set([...known.keys(), dayOf(from), dayOf(until)])
  // Half days: a day may be an hour shorter than others.
  const steps = Math.ceil((until - from) / HALF_DAY_MS)
  if (steps <= 2 * MAX_DAYS) for (let step = 0; step < steps; step += 1) days.add(dayOf(from + step * HALF_DAY_MS))
  return [...days].sort()
}

/** Neighbouring days as one, so that there are no more bars than fit: the picture of a year has weeks or months. */
export function binned(
  days: PilotReport['days'],
  most: number,
): (PilotFigures & { readonly day: string; readonly lastDay: string })[] {
  const size = Math.max(1, Math.ceil(days.length / most))
  const bins: (PilotFigures & { readonly day: string; readonly lastDay: string })[] = []
  for (let start = 0; start < days.length; start += size) {
    const part = days.slice(start, start + size)
    const [first] = part
    const last = part.at(-1)
    if (first === undefined || last === undefined) break
    bins.push({ ...part.reduce<PilotFigures>(addFigures, NO_FIGURES), day: first.day, lastDay: last.day })
  }
  return bins
}
