/** How a page requests Offline at a close and describes it, and which events begin one. */
import type { AgentFacts } from '../domain/agent'
import { isOfflineWhileOpen } from '../domain/close-report'
import type { CloseEvent, ClosingReport, DepartureHint, DirectAttempt } from '../domain/close-report'
import { isFromState } from '../domain/close-rules'
import type { CloseDecision } from '../domain/decide-close'
import { mayBeSamePeriod } from '../domain/state-period'

/** A second attempt to leave within this time is the same attempt. */
const SAME_CLOSE_MS = 500

/** How Offline is requested at a close. */
interface ClosePlan {
  /** The CCP stays open: its agent is away, or has asked for Offline. */
  readonly stays: boolean
  /** The page lives for some time at least. */
  readonly lives: boolean
  readonly direct: DirectAttempt | null
  readonly enqueue: boolean
}

/** Whether Offline waits for contacts, where a close requests it: after a missed one it comes at once. */
export function isQueuedBehind({ contacts, state }: AgentFacts): boolean {
  return contacts.length > 0 && state.type !== 'error'
}

/**
 * How Offline is requested at a close.
 * @param path how the direct path would send it; null where it cannot.
 * @param mayEnqueue whether there is a contact, and nothing refuses `enqueueNextState`. Without a contact nothing is queued: were
 * one offered at this moment, the answer would look like that to an Offline that has begun.
 */
export function planOf(
  event: CloseEvent,
  hint: DepartureHint | null,
  { path, mayEnqueue }: { readonly path: DirectAttempt | null; readonly mayEnqueue: boolean },
): ClosePlan {
  const stays = isOfflineWhileOpen(event)
  const lives = stays || event === 'logout' || event === 'try_again' || hint === 'navigation'
  return {
    stays,
    lives,
    // A page that lives on receives the answer anyway, and an unanswered synchronous call would freeze it, or delay what follows.
    direct: lives && path !== null ? 'keepalive' : path,
    // No contact that comes while the agent is away may end in Offline.
    enqueue: mayEnqueue && !stays,
  }
}

/** What a page does about a decision, as its report names it. */
export function didOf(
  decision: CloseDecision,
  how: { direct: DirectAttempt | null; mayQueue: boolean; connection?: 'cold' },
): ClosingReport['did'] {
  switch (decision.action) {
    case 'set_offline':
      return { action: 'attempted', target: decision.target, ...how }
    case 'defer':
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
