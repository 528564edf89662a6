import type { Cell } from '../matrix/cell'
import { endsBrowser } from '../matrix/cell'
import type { CellSummary } from './summary'

/** Whether the extension reached each target in a cell; null where the cell does not show it. */
export interface Targets {
  /** Every run ended Offline. Where the end of the browser signs the agent out, a flag is enough. */
  readonly offline: boolean | null
  /** All entries and flags are true. */
  readonly truth: boolean | null
  /** On a warm connection, Offline as fast as by the raw request. */
  readonly pace: boolean | null
  /** At the median, the close was delayed by less than a round trip plus 50 ms. */
  readonly hold: boolean | null
  /**
   * Where only a restart of the browser could bring Offline, it came within five seconds after the browser was ready.
   */
  readonly mended: boolean | null
}

/** Differences up to a tenth count as noise: runs are few, and machines are busy. */
const NOISE = 1.1
const HOLD_MS = 50
const MENDED_MS = 5_000

/** Whether the agent has to sign in again after a restart of the browser. */
const isSignedOutAfter = (cell: Cell): boolean => endsBrowser(cell) && cell.cookies === 'session'

/** Compares the figures of a cell with the targets. */
export function targetsOf({ cell, figures, toKeepalive, roundTripMs }: CellSummary): Targets {
  const { signoff } = figures
  if (signoff === undefined || signoff.runs === 0)
    return { offline: null, truth: null, pace: null, hold: null, mended: null }
  const reached = isSignedOutAfter(cell) ? signoff.offlineOrFlagged : signoff.offline
  return {
    offline: reached === 1,
    // Null means that all closes are pending: then no entry can be untrue.
    truth: (signoff.truthful ?? 1) === 1 && signoff.untruths.length === 0,
    pace: toKeepalive === null ? null : toKeepalive <= NOISE,
    hold: signoff.addedHoldMs === null ? null : signoff.addedHoldMs < roundTripMs + HOLD_MS,
    mended: signoff.mendedMs === null ? null : signoff.mendedMs < MENDED_MS,
  }
}

/** Whether no target was missed. */
export function meetsAll(targets: Targets): boolean {
  return Object.values(targets).every((met) => met !== false)
}
