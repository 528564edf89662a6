/** From when on a close left its agent ready for contacts that nobody would take, as far as contacts allow to say. */
import { isOfContact } from '../agent'
import { isSamePeriod } from '../state-period'
import type { PendingClose } from './closes'
import { stateBefore } from './close-facts'

/**
 * Since when the agent of a close may have stood ready: from the close, or, where a call had their state, from the last
 * look that found it so. In ms since the epoch; null where nothing says that they ever did.
 */
export function readyFrom(close: PendingClose): number | null {
  const before = stateBefore(close)
  if (before === null || (before.type !== 'routable' && !isOfContact(before))) return null
  const { waiting, end } = close.check ?? {}
  if (!isOfContact(before)) return close.startedAt
  const { returned } = close
  // Found on the very call on which they had left.
  if (returned !== null && isSamePeriod(before, returned.state)) return null
  const wasReady = waiting != null && waiting.ready !== 'never'
  if (wasReady) return close.startedAt
  // Offline came out of what the contact had made of the state: it never became another one.
  if (end?.confirmed && end.from !== undefined) return null
  return waiting?.seenAt ?? close.startedAt
}

/** Whether the agent took contacts all the while, as far as anybody has looked: a call in between makes it a bound. */
export function wasReadyThroughout(close: PendingClose): boolean {
  const before = stateBefore(close)
  const ready = close.check?.waiting?.ready ?? 'always'
  return before !== null && !isOfContact(before) && ready === 'always'
}
