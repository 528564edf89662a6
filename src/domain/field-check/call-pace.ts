/** Limits the check's calls to an instance: at most one a second, and never two refusals in a row. */
import type { CallBy, CallFor, CallRecord } from './observations'

/** The shortest time between the beginnings of two calls by any caller, in ms. */
export const CALL_GAP_MS = 1_000

/** When the next call may be made, in ms since the check began. */
export function nextCallAt(calls: readonly CallRecord[]): number {
  return calls.reduce((at, call) => Math.max(at, call.at + CALL_GAP_MS), 0)
}

/** A call that is about to be made. */
export interface PlannedCall {
  readonly by: CallBy
  readonly for: CallFor
}

/**
 * Whether a call may be made now. After a 403, only a call that succeeded the last time it was made may follow, so that
 * no two refusals come in a row.
 */
export function mayFollow(calls: readonly CallRecord[], planned: PlannedCall): boolean {
  const last = calls.at(-1)
  if (last?.status !== 403) return true
  const before = calls.findLast((call) => call.by === planned.by && call.for === planned.for)
  return before?.status === 200
}
