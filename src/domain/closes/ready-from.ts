/** From when on a close left its agent Available with nobody there, as far as contacts let anybody say. */
import { isOfContact } from '../agent'
import { isUninterrupted } from '../state-period'
import type { PendingClose } from './closes'
import { stateBefore } from './close-facts'

/**
 * Since when the agent of a close may have been Available: from the close on or, where a call had their state, from the last look
 * that found it so. In ms since the epoch; null where nothing shows that they ever were.
 */
export function readyFrom(close: PendingClose): number | null {
  const before = stateBefore(close)
  if (before === null || (before.type !== 'routable' && !isOfContact(before))) return null
  const { waiting, end } = close.check ?? {}
  if (!isOfContact(before)) return close.startedAt
  const { returned } = close
  // Found on the very call during which they had left.
  if (returned !== null && isUninterrupted(before, returned.state)) return null
  const wasReady = waiting != null && waiting.ready !== 'never'
  if (wasReady) return close.startedAt
  // Offline ended a state that came from a contact: the agent never became Available.
  if (end?.confirmed && end.from !== undefined) return null
  return waiting?.seenAt ?? close.startedAt
}

/**
 * Whether the agent took contacts all the while, as far as any look has shown: after a call in between, the exposure is an upper
 * bound.
 */
export function wasReadyThroughout(close: PendingClose): boolean {
  const before = stateBefore(close)
  const ready = close.check?.waiting?.ready ?? 'always'
  return before !== null && !isOfContact(before) && ready === 'always'
}
