/** How a page describes a close, and which events begin one. */
import type { AgentFacts } from '../domain/agent'
import { isOfflineWhileOpen } from '../domain/close-report'
import type { CloseEvent, ClosingReport, DirectAttempt } from '../domain/close-report'
import { isFromState } from '../domain/close-rules'
import type { CloseDecision } from '../domain/decide-close'
import { mayBeSamePeriod } from '../domain/state-period'

/** A second attempt to leave within this time is the same attempt. */
const SAME_CLOSE_MS = 500

/** What a page does about a decision, as its report names it. */
export function didOf(
  decision: CloseDecision,
  how: { direct: DirectAttempt | null; mayQueue: boolean; connection?: 'cold' },
): ClosingReport['did'] {
  switch (decision.action) {
    case 'set_offline':
      return { action: 'attempted', target: decision.target, ...how }
    case 'leave':
      return { action: 'left', reason: decision.reason }
    case 'none':
    case 'cannot':
      return decision
  }
}

/** Whether a close was deferred to another CCP, which may have gone meanwhile. */
export function isDeferredToOthers(pending: ClosingReport | null): pending is ClosingReport {
  return pending?.did.action === 'left' && pending.did.reason === 'other_ccp'
}

/**
 * Whether an event begins another close than the one under way. A page gets `beforeunload` once for each attempt to leave it;
 * `pagehide` ends that attempt, unless the agent has become Available again in between.
 */
export function isAnotherClose(
  pending: ClosingReport,
  event: CloseEvent,
  { state }: AgentFacts,
  afterMs: number,
  fromStates: readonly string[],
): boolean {
  if (isOfflineWhileOpen(event)) return true
  switch (event) {
    case 'beforeunload':
      // The Logout link was clicked, and now the page goes: one close. The same where Streams reloads a page that is going
      // already, since its request at the close was answered 401 (seen in Firefox).
      return (
        isOfflineWhileOpen(pending.event) ||
        pending.event === 'try_again' ||
        (pending.event !== 'logout' && afterMs >= SAME_CLOSE_MS)
      )
    case 'logout':
    case 'try_again':
      return true
    case 'pagehide':
      return isFromState(state, fromStates) && !mayBeSamePeriod(pending.stateBefore, state)
  }
}
