/**
 * The fence around an agent's return. To set a state is unconditional: a request of an earlier close may arrive after the
 * agent is back. So for a while after the last one the pages of an instance know of such closes, and the CCP that the
 * agent has come back to takes such an Offline back: each once, and no more of them than were sent.
 */
import type { AgentFacts, AgentKey, AgentState } from '../agent'
import { instanceKey } from '../agent'
import { isFromState } from '../close-rules'
import type { ClosingReport } from '../close-report'
import type { CcpDocument } from './ccp-document'
import { wasSetBack } from './set-back'
import type { RequestsOfClose, SessionsState } from './state'

/** For how long after it was sent a request may still arrive. */
export const FENCE_MS = 30_000

/** Whoever sets an agent Offline more often than this is not ours. */
const MAX_COUNT = 5

export interface Fence {
  readonly closeId: string
  readonly username: string
  /** How many Offlines of the close may arrive, and be taken back. */
  readonly count: number
  /** ms since the epoch, by this machine's clock. */
  readonly until: number
}

/** What a close has taken from an agent that was none: a reload, or a page that stayed. */
export interface GiveBack extends Fence {
  /** The state that the close was to end. */
  readonly state: AgentState
}

/**
 * Whether the agent still stands where that close has put them: Offline since then. Anything else was somebody's choice.
 */
export function isTaken({ username, state }: GiveBack, facts: AgentFacts): boolean {
  const [since, before] = [facts.state.startTimestamp, state.startTimestamp]
  const isSince = since === null || before === null || since >= before
  return facts.username === username && facts.state.type === 'offline' && isSince
}

/** What a close that was none owes its agent; null where it has taken nothing, or what may be queued behind contacts. */
export function owedFor(
  { closeId, did, stateBefore }: ClosingReport,
  username: string,
  until: number,
): GiveBack | null {
  if (did.action !== 'attempted' || did.mayQueue) return null
  return { closeId, username, count: did.direct === null ? 1 : 2, until, state: stateBefore }
}

/** The fences that stand for a document: those of closes that had begun when it was opened. */
export function fencesOf(
  { requests }: SessionsState,
  { instance, openedAt }: Pick<CcpDocument, 'instance' | 'openedAt'>,
  now: number,
): Fence[] {
  const prefix = `${instanceKey(instance)}/`
  return Object.entries(requests)
    .filter(([key, { startedAt, lastAt }]) => {
      return key.startsWith(prefix) && hadBegun(startedAt, openedAt, now) && now < lastAt + FENCE_MS
    })
    .map(([key, { closeId, lastAt, count }]) => ({
      closeId,
      username: key.slice(prefix.length),
      count,
      until: lastAt + FENCE_MS,
    }))
}

/** Whether a close had begun when a document was opened: also by the clock from before, where it was set back since. */
function hadBegun(startedAt: number, openedAt: number, now: number): boolean {
  return startedAt <= openedAt || (openedAt <= now && wasSetBack(startedAt, now))
}

/**
 * Notes requests of a close for its agent: those of a new close take the place of the ones before.
 * @param lastAt when the last of them is sent, at the latest.
 * @param count how many there are by now, from how many there were.
 */
export function withRequests(
  state: SessionsState,
  key: AgentKey,
  { closeId, startedAt, lastAt }: Omit<RequestsOfClose, 'count'>,
  count: (before: number) => number,
): SessionsState {
  const known = state.requests[key]
  const before = known?.closeId === closeId ? known.count : 0
  const request = { closeId, startedAt, lastAt, count: Math.min(count(before), MAX_COUNT) }
  return { ...state, requests: { ...state.requests, [key]: request } }
}

/**
 * A time that is farther away than any attempt was noted before the clock was set back. How long ago nobody knows: its half
 * minute begins anew.
 */
function byClockOf(now: number, request: RequestsOfClose): RequestsOfClose {
  return request.lastAt <= now + 2 * FENCE_MS ? request : { ...request, lastAt: now }
}

/** Forgets what can arrive no more. */
export function withoutOldRequests(state: SessionsState, now: number): SessionsState {
  const standing = Object.entries(state.requests)
    .map(([key, request]) => [key, byClockOf(now, request)] as const)
    .filter(([, { lastAt }]) => now < lastAt + FENCE_MS)
  return { ...state, requests: Object.fromEntries(standing) }
}

/** What the page to which an agent has come back knows of the change of their state. */
interface StateChange {
  readonly before: AgentState
  readonly after: AgentState
  /** When this page learned of the state before, and of the one after, in ms since the epoch. */
  readonly beforeAt: number
  readonly afterAt: number
  /** When a person last touched this page; 0 where nobody has. */
  readonly touchedAt: number
  /** Those of the settings. */
  readonly fromStates: readonly string[]
}

/** A person's own change of their state follows their click within this time, on slow networks too. */
const OWN_CHANGE_MS = 10_000

/** Whether a change is an Offline of ours that came late: the agent was seen ready here, and has not done it themselves. */
export function isLateOffline(change: StateChange): boolean {
  const { before, after, beforeAt, afterAt, touchedAt, fromStates } = change
  if (!isFromState(before, fromStates) || after.type !== 'offline') return false
  const isOwn = touchedAt > beforeAt && afterAt - touchedAt <= OWN_CHANGE_MS
  return !isOwn
}
