/**
 * Closes in mode `observe`. They take the path of all others, up to the change, which is not made: the instance is asked once,
 * when the close has settled, and never again. Asking repeatedly would keep alive the session that is looked at.
 */
import type { Would } from '../decide-close'
import type { PendingClose } from './closes'
import type { FinalizeReason } from './next-step'

/** Whether the close would have been deferred to the agent's next page, or to another CCP, and was. */
export function wasDeferred(close: PendingClose, would: Would | undefined): boolean {
  return (would === 'reload' || would === 'other_ccp') && close.check === null
}

/**
 * Whether the agent had a CCP after the close, so that somebody was there.
 * @param why why the instance was not asked.
 */
export function isSomebodyThere(close: PendingClose, why: FinalizeReason): boolean {
  const end = close.check?.end ?? null
  if (end !== null) return !end.confirmed && end.reason === 'agent_present'
  return why === 'agent_present' || why === 'other_ccp' || close.documents.some(({ gone }) => gone === null)
}

/** Whether the look found the agent in another state than the one that the close left. */
export function wasOver(close: PendingClose): boolean {
  const look = close.check
  if (!look?.observes || look.end === null) return false
  return look.end.confirmed || look.end.reason === 'state_changed'
}
