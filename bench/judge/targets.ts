import type { Cell } from '../matrix/cell'
import { endsBrowser } from '../matrix/cell'
import type { CellSummary } from './summary'

/** The extension's target in a cell, and whether it was reached; null where the cell does not show it. */
export interface Targets {
  /** Offline every time, or, where the browser's end has signed the agent out, a flag instead. */
  readonly offline: boolean | null
  readonly truth: boolean | null
  /** On a warm connection as quick as the raw request. */
  readonly pace: boolean | null
  /** The close was held up for less than a round trip and 50 ms, at the median. */
  readonly hold: boolean | null
  /** What only a start of the browser could mend was mended within five seconds of its being ready. */
  readonly mended: boolean | null
}

/** Runs are few and machines busy: a tenth is noise. */
const NOISE = 1.1
const HOLD_MS = 50
const MENDED_MS = 5_000

/** Whether somebody who starts the browser again is asked to sign in. */
const isSignedOutAfter = (cell: Cell): boolean => endsBrowser(cell) && cell.cookies === 'session'

/** Holds the figures of a cell against the targets. */
export function targetsOf({ cell, figures, toKeepalive, roundTripMs }: CellSummary): Targets {
  const { signoff } = figures
  if (signoff === undefined || signoff.runs === 0)
    return { offline: null, truth: null, pace: null, hold: null, mended: null }
  const reached = isSignedOutAfter(cell) ? signoff.offlineOrFlagged : signoff.offline
  return {
    offline: reached === 1,
    // Where all is pending, no entry can be untrue.
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
