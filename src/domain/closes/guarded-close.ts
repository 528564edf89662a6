/**
 * The late-request guard. Setting a state is unconditional: a request of an earlier close may arrive after the agent is back. For
 * a while after an agent's last request, the pages of an instance therefore know of such closes, and the CCP to which the agent
 * has come back reverts such an Offline: each once, and no more of them than were sent.
 */
import type { AgentFacts, AgentState } from '../agent'
import { isFromState } from '../close-rules'
import type { ClosingReport } from '../close-report'
import { isOlderLook } from '../state-period'

/** For how long after it was sent a request may still arrive. */
export const LATE_REQUEST_MS = 30_000

export interface GuardedClose {
  readonly closeId: string
  readonly username: string
  /** How many Offlines of the close may arrive, and be reverted. */
  readonly count: number
  /** In ms since the epoch, by this machine's clock. */
  readonly until: number
}

/** The status that an agent has lost by something that was no close (a reload, or a page that stayed), or wants back after one. */
export interface StatusRestore extends GuardedClose {
  /** The state that the close was to end. */
  readonly state: AgentState
}

/** Whether the agent is still where that close has put them: Offline since then. Any other state was somebody's choice. */
export function isApplied({ username, state }: StatusRestore, facts: AgentFacts): boolean {
  return facts.username === username && facts.state.type === 'offline' && !isOlderLook(facts.state, state)
}

/** The status to restore after a close that did not happen; null where it changed nothing, or may have queued Offline behind contacts. */
export function statusRestoreOf(
  { closeId, did, stateBefore }: ClosingReport,
  username: string,
  until: number,
): StatusRestore | null {
  if (did.action !== 'attempted' || did.mayQueue) return null
  return { closeId, username, count: did.direct === null ? 1 : 2, until, state: stateBefore }
}

/** What the page to which an agent has come back knows about the change of their state. */
interface StateChange {
  readonly before: AgentState
  readonly after: AgentState
  /** When this page learned of the state before and of the one after, in ms since the epoch. */
  readonly beforeAt: number
  readonly afterAt: number
  /** When a person last used this page; 0 where nobody has. */
  readonly lastInputAt: number
  /** `fromStates` of the settings. */
  readonly fromStates: readonly string[]
}

/** A person's own change of their state follows their click within this time, on slow networks too. */
const OWN_CHANGE_MS = 10_000

/**
 * Whether a change is a late Offline of a close: the agent was seen Available here, and has not changed the status themselves.
 */
export function isLateOffline(change: StateChange): boolean {
  const { before, after, beforeAt, afterAt, lastInputAt, fromStates } = change
  if (!isFromState(before, fromStates) || after.type !== 'offline') return false
  const isOwn = lastInputAt > beforeAt && afterAt - lastInputAt <= OWN_CHANGE_MS
  return !isOwn
}
