import type { Contender } from '../matrix/cell'
import type { Verdict } from './truth'

/** What one run of one contender in one cell gave: what the figures are made of. Times are in ms since the close. */
export interface RunResult {
  /** The id of the cell. */
  readonly cell: string
  readonly contender: Contender
  readonly run: number
  /** When the instance had recorded Offline for every agent who closed; null where it did not in time. */
  readonly offlineMs: number | null
  /** Whether the browser had been started again by then. */
  readonly offlineBy: 'close' | 'restart' | null
  /** How long after the browser that was started again was ready; null where it was not that start that brought Offline. */
  readonly mendedMs: number | null
  /** When the tab, the window or the process was gone, or the next page was there; null where that has no meaning. */
  readonly goneMs: number | null
  /** null for contenders without a log. */
  readonly log: LogResult | null
  /** What prevented the run; such a run does not count. */
  readonly trouble: string | null
}

export interface LogResult extends Verdict {
  readonly told: readonly Told[]
  /** Entries that came after the run had been judged. */
  late: number
}

/** Of an entry what explains the figures. */
export interface Told {
  readonly outcome: string
  readonly evidence: string
  readonly reason: string | null
  readonly cause: string
  readonly event: string | null
  readonly tookMs: number | null
}
