/** How the check may call an instance: never more than once a second, and never into a second refusal in a row. */
import type { CallBy, CallFor, CallRecord } from './observations'

/** Between two calls, in ms, by any caller. */
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
 * Whether a call may follow. After a 403 only one that was answered well the last time it was made: so that no two
 * refusals come in a row.
 */
export function mayFollow(calls: readonly CallRecord[], planned: PlannedCall): boolean {
  const last = calls.at(-1)
  if (last?.status !== 403) return true
  const before = calls.findLast((call) => call.by === planned.by && call.for === planned.for)
  return before?.status === 200
}
