import type { Contender } from '../matrix/cell'
import type { Verdict } from './truth'

/**
 * The result of one run of one contender in one cell, from which the figures are made. Times are in ms since the close.
 */
export interface RunResult {
  /** The id of the cell. */
  readonly cell: string
  readonly contender: Contender
  readonly run: number
  /** When Offline had been recorded at every instance with a closed CCP; null where it had not in time. */
  readonly offlineMs: number | null
  /** Whether that was before or after the browser was started again; null with `offlineMs`. */
  readonly offlineBy: 'close' | 'restart' | null
  /** Offline in ms after the restarted browser was ready; null where the restart did not bring it. */
  readonly mendedMs: number | null
  /**
   * When the tab, the window or the process was gone, or the next page was there; null where there is no such moment.
   */
  readonly goneMs: number | null
  /** Null for contenders without a log. */
  readonly log: LogResult | null
  /** Why the run could not be made (such a run does not count); null where it was made. */
  readonly trouble: string | null
}

export interface LogResult extends Verdict {
  readonly told: readonly Told[]
  /** How many entries came only after the run had been judged. */
  late: number
}

/** The fields of a log entry that explain the figures. */
export interface Told {
  readonly outcome: string
  readonly evidence: string
  readonly reason: string | null
  readonly cause: string
  readonly event: string | null
  readonly tookMs: number | null
}
