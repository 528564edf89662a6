import type { Cell, Contender } from '../matrix/cell'
import { contendersOf, idOf, roundTripOf } from '../matrix/cell'
import type { RunResult } from './run-result'
import { known, median, ratio, share, worst } from './statistics'

/** The figures of one contender in one cell. Shares are from 0 to 1, times in ms; null means not measured. */
export interface Figures {
  readonly runs: number
  readonly troubled: number
  readonly offline: number | null
  /** Like `offline`, without the runs in which only a restart of the browser brought Offline. */
  readonly offlineByClose: number | null
  readonly medianMs: number | null
  readonly worstMs: number | null
  /** The slowest Offline by a restart of the browser, counted from when the browser was ready. */
  readonly mendedMs: number | null
  readonly goneMs: number | null
  /** How much longer the close took than without an extension in the same cell. */
  readonly addedHoldMs: number | null
  /** The shares of entries that are true, and of entries that say `confirmed`. */
  readonly truthful: number | null
  readonly confirmed: number | null
  /** The share of runs that ended with the agent Offline or flagged. */
  readonly offlineOrFlagged: number | null
  readonly untruths: readonly string[]
}

/** A cell with its contenders' figures, and the ratio that is judged. */
export interface CellSummary {
  readonly cell: Cell
  readonly id: string
  readonly roundTripMs: number
  readonly figures: { readonly [C in Contender]?: Figures }
  /** Signoff's median time to Offline, divided by that of the raw keepalive request. */
  readonly toKeepalive: number | null
}

/** Makes a cell's figures from its runs. @param results of all cells */
export function summarize(cell: Cell, results: readonly RunResult[]): CellSummary {
  const id = idOf(cell)
  const own = results.filter((result) => result.cell === id)
  const runsOf = (name: Contender): RunResult[] => own.filter(({ contender }) => contender === name)
  const baseline = median(goneTimes(runsOf('none')))
  const figures: { [C in Contender]?: Figures } = {}
  for (const name of contendersOf(cell)) {
    if (runsOf(name).length > 0) figures[name] = figuresOf(runsOf(name), baseline)
  }
  return {
    cell,
    id,
    roundTripMs: roundTripOf(cell.network),
    figures,
    toKeepalive: ratio(figures.signoff?.medianMs ?? null, figures.keepalive?.medianMs ?? null),
  }
}

const goneTimes = (results: readonly RunResult[]): number[] =>
  known(results.filter(({ trouble }) => trouble === null).map(({ goneMs }) => goneMs))

function figuresOf(all: readonly RunResult[], baseline: number | null): Figures {
  const results = all.filter(({ trouble }) => trouble === null)
  const times = known(results.map(({ offlineMs }) => offlineMs))
  const logs = results.flatMap(({ log }) => log ?? [])
  const entries = logs.reduce((sum, log) => sum + log.entries, 0)
  const told = logs.flatMap((log) => log.told)
  const goneMs = median(goneTimes(results))
  return {
    runs: results.length,
    troubled: all.length - results.length,
    offline: share(times.length, results.length),
    offlineByClose: share(results.filter(({ offlineBy }) => offlineBy === 'close').length, results.length),
    medianMs: median(times),
    worstMs: worst(times),
    mendedMs: worst(known(results.map(({ mendedMs }) => mendedMs))),
    goneMs,
    addedHoldMs: goneMs === null || baseline === null ? null : goneMs - baseline,
    truthful: share(
      logs.reduce((sum, log) => sum + log.truthful, 0),
      entries,
    ),
    confirmed: share(told.filter(({ outcome }) => outcome === 'confirmed').length, told.length),
    offlineOrFlagged: logs.length === 0 ? null : share(results.filter(isOfflineOrFlagged).length, results.length),
    untruths: [...new Set(results.flatMap(untruthsOf))],
  }
}

const isOfflineOrFlagged = ({ offlineMs, log }: RunResult): boolean =>
  log !== null && log.flagsTrue && (offlineMs !== null || log.flagged)

function untruthsOf({ log }: RunResult): readonly string[] {
  if (log === null) return []
  return [
    ...log.untruths,
    ...(log.flagsTrue ? [] : ['has a flag missing, or one too many']),
    ...(log.late > log.pending ? [`has ${log.late - log.pending} entries too late`] : []),
  ]
}
