/** Closes that are still being checked: a person may have them checked sooner. */
import { askedNow, failuresOf } from '../check'
import { updatePending } from './close'
import type { PendingClose } from './closes'
import { pendingCloses, pendingNamed } from './closes'
import type { CloseState } from './state'

/** How the check stands after a flag was raised: `waiting` until it is due, `asking` while an attempt is under way. */
export function retryOf(state: CloseState, closeId: string): 'waiting' | 'asking' | null {
  const check = pendingNamed(state, closeId)?.check ?? null
  if (check === null || check.end !== null) return null
  return check.isAsking ? 'asking' : 'waiting'
}

/** Whether the instance of a close has not answered yet, and will be asked again. */
export function isUnanswered({ check }: Pick<PendingClose, 'check'>): boolean {
  return check !== null && check.end === null && !check.isAsking && failuresOf(check) > 0
}

/** The closes whose instance has not answered yet, and will be asked again. */
export function unansweredCloses(state: CloseState): string[] {
  return pendingCloses(state)
    .filter(isUnanswered)
    .map(({ id }) => id)
}

/** Has the instance asked about a close at once. */
export function withRetry(state: CloseState, closeId: string, at: number): CloseState {
  return updatePending(state, closeId, (close) =>
    close.check === null ? close : { ...close, check: askedNow(close.check, at) },
  )
}
