import type { Cause, LogEntry } from '../../src/domain/log-entry'
import { needsAttention } from '../../src/domain/log-entry'
import type { Close } from '../matrix/cell'
import { aliasOf, isIn, type AgentOf, type ClosedCcp } from './agents'

/** What the instance's journal recorded since the close, in order. Times are in ms since the epoch. */
export interface Record {
  readonly states: readonly {
    readonly alias: string
    readonly agent: string
    readonly type: string
    readonly at: number
  }[]
  readonly requests: readonly RecordedRequest[]
}

export interface RecordedRequest {
  readonly operation: string
  readonly alias: string
  readonly agent: string | undefined
  readonly origin: string | undefined
  readonly status: number | undefined
  readonly answeredAt: number | undefined
}

/** One close of one or more CCPs, as the extension reports it and as the instance recorded it. */
export interface Account {
  readonly close: Close
  readonly closedAt: number
  /** Whether the background had been stopped before the close: then it may not know the cause. */
  readonly wasStopped: boolean
  /** The closed CCPs, each of which must have one entry. */
  readonly ccps: readonly ClosedCcp[]
  readonly entries: readonly LogEntry[]
  readonly flags: readonly AgentOf[]
  /** The agents of the closes that Connect has accepted, and the background still checks: they are not flagged. */
  readonly accepted: readonly AgentOf[]
  readonly record: Record
}

export interface Verdict {
  /** The number of entries that there should be by now, or that there are, whichever is more. */
  readonly entries: number
  readonly truthful: number
  /** The number of closes that have no entry yet, but a flag, or Connect's word. */
  readonly pending: number
  /** What was not true, as phrases that follow "The log". */
  readonly untruths: readonly string[]
  /**
   * Whether every agent who is not Offline at the end is flagged,
   * and no Offline agent whose entries need no attention is.
   */
  readonly flagsTrue: boolean
  /** Whether all agents are flagged. */
  readonly flagged: boolean
}

/** Extension and instance read the same clock, but each writes an event down a little earlier or later. */
const SLACK_MS = 100
/** How long after the key press a page's own events may come. A navigation first waits for its server. */
const CLOSE_LASTS_MS = 15_000

/** The causes that an entry may truthfully name, for each kind of close. */
const CAUSES: { readonly [C in Close]: readonly Cause[] } = {
  tab: ['tab_closed'],
  beside: ['tab_closed'],
  window: ['window_closed', 'browser_ended'],
  quit: ['window_closed', 'browser_ended'],
  several: ['window_closed', 'browser_ended'],
  navigate: ['navigated_away'],
  frame: ['frame_removed'],
  renderer: ['crashed'],
  sigterm: ['window_closed', 'browser_ended'],
  sigkill: ['browser_ended'],
}

/** Compares the entries and flags of a close with what the instance recorded. */
export function judge(account: Account): Verdict {
  const { entries, ccps } = account
  const untrue = entries.map((entry) => untruthsOf(entry, account))
  // A close that is still checked, or waits for a recovery CCP, has no entry yet. It is flagged, unless Connect has accepted it.
  const isPending = (ccp: ClosedCcp): boolean => isFlagged(ccp, account) || isIn(account.accepted, ccp)
  const pending = ccps.filter((ccp) => isPending(ccp) && ofCcp(ccp, entries).length === 0).length
  const expected = ccps.length - pending
  const wrongCount = entries.length === expected ? [] : [`has ${entries.length} entries for ${expected} closed CCPs`]
  // Surplus entries are untrue, even where they repeat another.
  const truthful = untrue.filter((each) => each.length === 0).length
  const most = Math.max(expected, entries.length)
  return {
    entries: most,
    truthful: Math.min(truthful, expected),
    pending,
    untruths: [...untrue.flat(), ...wrongCount],
    flagsTrue: ccps.every((ccp) => isFlagTrue(ccp, account)),
    flagged: ccps.every((ccp) => isFlagged(ccp, account)),
  }
}

/** Everything that an entry says wrongly. */
function untruthsOf(entry: LogEntry, account: Account): string[] {
  const isOf = ({ alias, username }: ClosedCcp): boolean =>
    aliasOf(entry.instance) === alias && entry.username === username
  const { close, closedAt, ccps, wasStopped } = account
  const tellsLate = entry.event !== null && !isWithin(entry.at, closedAt, closedAt + CLOSE_LASTS_MS)
  return [
    ...(ccps.some(isOf) ? [] : [`names ${entry.username} at ${entry.instance}, who closed no CCP`]),
    ...(hasStateBefore(entry, account) ? [] : [`says ${entry.stateBefore.name} of an agent who was Available`]),
    ...([...CAUSES[close], ...(wasStopped ? ['unknown'] : [])].includes(entry.cause)
      ? []
      : [`calls it ${entry.cause}`]),
    ...(tellsLate ? [`says that the close began ${entry.at - closedAt} ms later than it did`] : []),
    ...untruthsOfOutcome(entry, account),
  ]
}

function untruthsOfOutcome(entry: LogEntry, account: Account): string[] {
  const knownAt = entry.tookMs === null ? lastStepOf(entry) : entry.at + entry.tookMs
  const isOffline = wasOfflineAt(entry, account, knownAt)
  switch (entry.outcome) {
    case 'confirmed':
      if (!isOffline) return ['says confirmed, but the instance had not recorded Offline']
      return hasEvidence(entry, account, knownAt)
        ? []
        : [`claims the evidence ${entry.evidence}, but the instance gave no such answer`]
    // Connect answered, and no later snapshot could confirm it.
    case 'accepted':
      return hasEvidence(entry, account, knownAt) ? [] : ['says accepted, but the instance gave no such answer']
    case 'failed':
      return isOffline ? ['says failed, but the instance had recorded Offline'] : []
    case 'not_needed':
      if (entry.stateBefore.type === 'offline') return []
      // Deferred to another CCP of the agent, which set them Offline.
      if (entry.reason === 'other_ccp' && isSeenTo(entry, account)) return []
      return ['says not_needed of an agent who was Available']
    case 'left_available':
    case 'unprotected':
      return [`says ${entry.outcome}, which is not an outcome of a close`]
    case 'unconfirmed':
      return hasReason(entry, account) ? [] : [`gives ${entry.reason} as the reason, which is wrong`]
  }
}

/** Whether another entry of the same agent is confirmed, and the instance has recorded them Offline. */
function isSeenTo({ id, instance, username }: LogEntry, { entries, record }: Account): boolean {
  const last = record.states.filter(({ alias, agent }) => alias === aliasOf(instance) && agent === username).at(-1)
  const others = ofCcp({ alias: aliasOf(instance), username }, entries).filter((other) => other.id !== id)
  return last?.type === 'offline' && others.some(({ outcome }) => outcome === 'confirmed')
}

function ofCcp({ alias, username }: ClosedCcp, entries: readonly LogEntry[]): LogEntry[] {
  return entries.filter((entry) => aliasOf(entry.instance) === alias && entry.username === username)
}

/**
 * Whether the entry's `stateBefore` is right: Available, or Offline where another CCP of the agent had already set it.
 */
function hasStateBefore(entry: LogEntry, account: Account): boolean {
  if (entry.stateBefore.type === 'routable') return true
  return entry.stateBefore.type === 'offline' && wasOfflineAt(entry, account, entry.at)
}

/** Whether Offline is the last state that the instance recorded between the close and this time. */
function wasOfflineAt(entry: LogEntry, { record, closedAt }: Account, time: number): boolean {
  const since = record.states.filter(
    ({ alias, agent, at }) =>
      alias === aliasOf(entry.instance) && agent === entry.username && isWithin(at, closedAt, time),
  )
  return since.at(-1)?.type === 'offline'
}

/** Whether the instance gave the answer that the entry claims to have received. */
function hasEvidence(entry: LogEntry, { record, closedAt }: Account, knownAt: number): boolean {
  const answers = record.requests.filter(
    ({ alias, agent, status, answeredAt }) =>
      alias === aliasOf(entry.instance) &&
      agent === entry.username &&
      status === 200 &&
      answeredAt !== undefined &&
      isWithin(answeredAt, closedAt, knownAt),
  )
  const byPage = ({ origin }: RecordedRequest): boolean => origin === `https://${entry.instance}`
  switch (entry.evidence) {
    case 'call_answered':
    case 'set_by_recovery':
      return answers.some((request) => request.operation === 'PutAgentState' && byPage(request))
    case 'set_by_background':
      return answers.some((request) => request.operation === 'PutAgentState' && !byPage(request))
    case 'asked':
      return answers.some((request) => request.operation === 'GetAgentSnapshot' && !byPage(request))
    case 'snapshot':
      return answers.some((request) => request.operation === 'GetAgentSnapshot')
    case 'none':
      return false
  }
}

/**
 * Whether the reason can be true. Nobody comes back during a
 * run, and the instance has no other agent to be mistaken for.
 */
function hasReason({ reason, instance }: LogEntry, { record }: Account): boolean {
  const refusedWith = (status: number): boolean =>
    record.requests.some((request) => request.alias === aliasOf(instance) && request.status === status)
  switch (reason) {
    case 'signed_out':
      return refusedWith(401)
    case 'refused':
      return refusedWith(403)
    case 'agent_present':
    case 'other_agent':
    case 'state_changed':
    case 'contact':
    case 'no_offline_state':
    case 'separate_cookies':
      return false
    default:
      return true
  }
}

function isFlagged(ccp: ClosedCcp, { flags }: Account): boolean {
  return isIn(flags, ccp)
}

function isFlagTrue(ccp: ClosedCcp, account: Account): boolean {
  const { alias, username } = ccp
  const { entries, record } = account
  const last = record.states.filter((state) => state.alias === alias && state.agent === username).at(-1)
  const own = ofCcp(ccp, entries)
  if (last?.type !== 'offline') return isFlagged(ccp, account)
  return !isFlagged(ccp, account) || own.length === 0 || own.some(needsAttention)
}

function lastStepOf({ timeline, at }: LogEntry): number {
  return Math.max(at, ...timeline.map((step) => step.at))
}

function isWithin(time: number, from: number, to: number): boolean {
  return time >= from - SLACK_MS && time <= to + SLACK_MS
}
