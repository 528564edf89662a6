/** What the background decides while it checks a close at the instance, step by step; `background/close-checker.ts` takes the steps. */
import type { AgentState } from '../agent'
import { hasPassed } from '../clock'
import type { CloseRules } from '../close-rules'
import { exclusionOf } from '../close-rules'
import type { AtClose, Snapshot, SnapshotVerdict } from '../judge-snapshot'
import { occupationOf, wasAnswered } from '../judge-snapshot'
import type { Finding, SetFrom } from '../check'
import { isWorkOver } from '../waiting'
import { isSamePeriod } from '../state-period'
import { acceptedAt, leadOf, atClose, offlineWhileOpenOf, seenOfflineAt } from './close-facts'
import type { PendingClose } from './closes'
import { LOADING_MS, ccpPresenceOf } from './agent-presence'
import type { CloseState } from './state'

/** The pauses between looks at an agent whose Offline was accepted just now, in ms: a second may be too short (streams issue 452). */
export const SHOWS_LATE_MS = [300, 500, 700, 1_000, 1_000] as const
const SHOWN_BY_MS = SHOWS_LATE_MS.reduce((sum, ms) => sum + ms, 0)

/** What a look at the instance has shown. */
export interface JudgedSnapshot {
  readonly snapshot: Snapshot
  readonly verdict: SnapshotVerdict
  /** The state that a close is to set, out of the instance's own list; null where it has none. */
  readonly target: AgentState | null
  /** The agent cannot get back to work by choosing Available (see `isStuck`). */
  readonly isStuck: boolean
}

/** What the agent is compared with; or the finding, where the session is another agent's. */
export function comparedWith(
  close: PendingClose,
  username: string,
): { readonly kind: 'compare'; readonly left: AtClose } | Finding {
  const left = username === leadOf(close).agent?.username ? atClose(close) : null
  if (left === null) return { kind: 'ended', reason: 'other_agent' }
  return { kind: 'compare', left }
}

/** Whether Offline was accepted, or seen, by a page of the close so recently that a snapshot may not show it yet. */
export function isRecentlyAccepted(close: PendingClose, now: number): boolean {
  return [acceptedAt(close), seenOfflineAt(close)].some((at) => at !== null && !hasPassed(at, SHOWN_BY_MS, now))
}

/** Whether a look does not show yet what was accepted: another look follows. */
export function isNotShownYet({ verdict }: Pick<JudgedSnapshot, 'verdict'>): boolean {
  return verdict === 'set' || verdict === 'stale'
}

/** Whether a look shows the agent as the close had left them, though Connect has accepted Offline, or a page has seen it. */
export function isContradictedBy(close: PendingClose, { verdict }: Pick<JudgedSnapshot, 'verdict'>): boolean {
  return verdict === 'set' && !close.check?.isLook && (acceptedAt(close) ?? seenOfflineAt(close)) !== null
}

/** What is found where Connect has accepted Offline, and goes on showing the agent as they were. */
export const NOT_SHOWN = { kind: 'no_answer', error: 'Accepted, and not shown' } as const satisfies Finding
/** How often the page of an agent who asks for Offline requests it in all, its own first request included. */
const REQUESTS = 3

/**
 * Whether the page of an agent who has asked for Offline is to request it again: Connect has accepted it, and neither the page nor
 * this look shows it. The CCP is open, so that nobody else may.
 */
export function isRequestedAgain(close: PendingClose, { verdict }: Pick<JudgedSnapshot, 'verdict'>): boolean {
  const { check } = close
  const isContradicted = verdict === 'set' && acceptedAt(close) !== null && seenOfflineAt(close) === null
  return isContradicted && offlineWhileOpenOf(close) === 'asked' && check !== null && check.attempts < REQUESTS - 1
}

/** What a look has found; null where the agent is to be set Offline, unless they are there. */
export function findingOf(
  { check }: PendingClose,
  left: AtClose,
  { snapshot, verdict }: JudgedSnapshot,
  { now, workLimitMs }: { readonly now: number; readonly workLimitMs: number },
): Finding | null {
  switch (verdict) {
    case 'offline':
      return { kind: 'offline', by: 'asked' }
    case 'stale':
      return { kind: 'no_answer', error: 'A snapshot that shows nothing since the close' }
    case 'changed':
      return { kind: 'ended', reason: 'state_changed' }
    case 'contact':
    case 'work': {
      if (check?.isLook) return contradicting(isSamePeriod(left.state, snapshot.state))
      const occupation = occupationOf(snapshot, verdict)
      const isOver = isWorkOver(check?.waiting ?? null, occupation, workLimitMs, now)
      const isAnswered = wasAnswered(left, snapshot)
      return isOver && !isAnswered ? null : { kind: 'contact', occupation, isAnswered }
    }
    case 'superseded':
    case 'set':
      return check?.isLook ? contradicting(verdict === 'set') : null
  }
}

/**
 * The finding where a look does not show what a page has reported.
 * @param isAsLeft whether the agent is as the close left them.
 */
function contradicting(isAsLeft: boolean): Finding {
  return { kind: 'ended', reason: isAsLeft ? 'not_shown' : 'state_changed' }
}

/** Whether a page of the instance may still be on its way: it is not waited for longer than this after a close. */
export function mayBeArriving({ check }: PendingClose, now: number): boolean {
  return check !== null && !hasPassed(check.startedAt, LOADING_MS, now)
}

/** What is looked at last, before a change: by now the agent may be back. */
export interface LastLook {
  readonly state: CloseState
  readonly now: number
  /** Whether a page of the instance loads that has not said hello. */
  readonly isArriving: boolean
  readonly rules: CloseRules
  /** Whether the settings let the background set a state. */
  readonly maySet: boolean
}

/** Whether the agent is set Offline now, and out of what; or the finding, where they are not. */
export function changeOf(
  close: PendingClose,
  { snapshot, verdict, target, isStuck }: JudgedSnapshot,
  { state, now, isArriving, rules, maySet }: LastLook,
): { readonly kind: 'change'; readonly target: AgentState; readonly from: SetFrom | null } | Finding {
  const presence = isArriving ? 'unknown' : ccpPresenceOf(state, close, now)
  // The page may be theirs or another agent's: a moment later that is known.
  if (presence === 'unknown') return { kind: 'no_answer', error: 'A page of the instance is loading' }
  if (presence === 'present') return { kind: 'ended', reason: 'agent_present' }
  // Somebody else has changed the state where this browser has no CCP of the agent: their change stands.
  if (verdict === 'superseded') return { kind: 'ended', reason: 'superseded' }
  if (target === null) return { kind: 'ended', reason: 'no_offline_state' }
  if (close.check?.observes) return { kind: 'ended', reason: 'observed' }
  const { agent } = leadOf(close)
  if (agent === null || exclusionOf(agent, rules) !== null || !maySet) return { kind: 'ended', reason: 'forbidden' }
  return { kind: 'change', target, from: setFrom(verdict, snapshot, isStuck) }
}

/** What Offline ends that the agent has not chosen; null where it ends a state of their choice. */
function setFrom(verdict: SnapshotVerdict, snapshot: Snapshot, isStuck: boolean): SetFrom | null {
  if (verdict === 'work') return 'work'
  if (isStuck) return 'stuck'
  return snapshot.state.type === 'error' ? 'missed' : null
}

/** What a change has come to, by the look after it. */
export function findingAfter({ verdict }: Pick<JudgedSnapshot, 'verdict'>, from: SetFrom | null): Finding {
  if (verdict !== 'offline') return NOT_SHOWN
  return { kind: 'offline', by: 'set', ...(from !== null && { from }) }
}

/** The finding of a look that failed, as far as the agent was seen before it. */
export function withStuck(finding: Finding, isStuck: boolean): Finding {
  return finding.kind === 'no_answer' && isStuck ? { ...finding, isStuck } : finding
}
