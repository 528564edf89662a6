import type { Cause, LogEntry } from '../../src/domain/log-entry'
import { needsAttention } from '../../src/domain/log-entry'
import type { Close } from '../matrix/cell'

/** A CCP that went. */
export interface ClosedCcp {
  readonly alias: string
  readonly username: string
}

/** What the instance's journal knows of the time since the close, in the order in which it happened. */
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

/** One close, as the extension reports it and as the instance recorded it. */
export interface Account {
  readonly close: Close
  readonly closedAt: number
  /** Whether the background had been stopped before the close: it may not know then what that was. */
  readonly wasStopped: boolean
  /** Each of them is to have one entry. */
  readonly ccps: readonly ClosedCcp[]
  readonly entries: readonly LogEntry[]
  readonly flags: readonly { readonly instance: string; readonly username: string }[]
  readonly record: Record
}

export interface Verdict {
  /** Entries that there should be by now, or that there are, whichever is more. */
  readonly entries: number
  readonly truthful: number
  /** Closes that a flag stands for: their entries follow. */
  readonly pending: number
  /** What was not true, in words. */
  readonly untruths: readonly string[]
  /** Whether all agents who are not Offline at the end are flagged, and nobody whose entries are all confirmed. */
  readonly flagsTrue: boolean
  /** Whether all agents are flagged. */
  readonly flagged: boolean
}

/** Two clocks that are one: what is written down a moment before or after. */
const SLACK_MS = 100
/** Page events come soon after the key, even where a server is waited for. */
const CLOSE_LASTS_MS = 15_000

/** What an entry may truthfully say of each close. */
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

/** Holds the entries of a close against what the instance recorded. */
export function judge(account: Account): Verdict {
  const { entries, ccps } = account
  const untrue = entries.map((entry) => untruthsOf(entry, account))
  // A close that is still asked about, or for which a CCP is offered, has no entry yet: its flag stands for it.
  const pending = ccps.filter((ccp) => isFlagged(ccp, account) && ofCcp(ccp, entries).length === 0).length
  const expected = ccps.length - pending
  const wrongCount = entries.length === expected ? [] : [`${entries.length} entries for ${expected} closed CCPs`]
  // An entry too many is not true, even if it repeats another.
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

/** What an entry says that was not so. */
function untruthsOf(entry: LogEntry, account: Account): string[] {
  const isOf = ({ alias, username }: ClosedCcp): boolean =>
    aliasOf(entry.instance) === alias && entry.username === username
  const { close, closedAt, ccps, wasStopped } = account
  const tellsLate = entry.event !== null && !isWithin(entry.at, closedAt, closedAt + CLOSE_LASTS_MS)
  return [
    ...(ccps.some(isOf) ? [] : [`names ${entry.username} at ${entry.instance}, who closed nothing`]),
    ...(hasStateBefore(entry, account) ? [] : [`says ${entry.stateBefore.name} of an agent who was Available`]),
    ...([...CAUSES[close], ...(wasStopped ? ['unknown'] : [])].includes(entry.cause)
      ? []
      : [`calls it ${entry.cause}`]),
    ...(tellsLate ? [`says that it began ${entry.at - closedAt} ms after it did`] : []),
    ...untruthsOfOutcome(entry, account),
  ]
}

function untruthsOfOutcome(entry: LogEntry, account: Account): string[] {
  const knownAt = entry.tookMs === null ? lastStepOf(entry) : entry.at + entry.tookMs
  const isOffline = wasOfflineAt(entry, account, knownAt)
  switch (entry.outcome) {
    case 'confirmed':
      if (!isOffline) return ['says confirmed, and the instance had not recorded Offline']
      return hasEvidence(entry, account, knownAt)
        ? []
        : [`says ${entry.evidence}, and the instance knows of no such thing`]
    // An answer of Connect's own, which nobody could check.
    case 'accepted':
      return hasEvidence(entry, account, knownAt) ? [] : ['says accepted, and the instance knows of no such answer']
    case 'failed':
      return isOffline ? ['says failed, and the instance had recorded Offline'] : []
    case 'not_needed':
      if (entry.stateBefore.type === 'offline') return []
      // Left to another of their CCPs, which saw to it.
      if (entry.reason === 'other_ccp' && isSeenTo(entry, account)) return []
      return ['says not_needed of an agent who was Available']
    case 'left_available':
    case 'unprotected':
      return [`says ${entry.outcome} of a close`]
    case 'unconfirmed':
      return hasReason(entry, account) ? [] : [`gives ${entry.reason} as the reason, which it was not`]
  }
}

/** Whether another entry of the same agent says that they are Offline, and the instance has recorded it. */
function isSeenTo({ id, instance, username }: LogEntry, { entries, record }: Account): boolean {
  const last = record.states.filter(({ alias, agent }) => alias === aliasOf(instance) && agent === username).at(-1)
  const others = ofCcp({ alias: aliasOf(instance), username }, entries).filter((other) => other.id !== id)
  return last?.type === 'offline' && others.some(({ outcome }) => outcome === 'confirmed')
}

function ofCcp({ alias, username }: ClosedCcp, entries: readonly LogEntry[]): LogEntry[] {
  return entries.filter((entry) => aliasOf(entry.instance) === alias && entry.username === username)
}

/** Whether the agent was in that state: Available, unless another CCP of theirs that went first had set them Offline. */
function hasStateBefore(entry: LogEntry, account: Account): boolean {
  if (entry.stateBefore.type === 'routable') return true
  return entry.stateBefore.type === 'offline' && wasOfflineAt(entry, account, entry.at)
}

/** Whether the instance had taken Offline since the close, by this time, and not anything else since. */
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

/** Whether the reason is so: nobody else is at this instance, and nobody is back. */
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

function isFlagged({ alias, username }: ClosedCcp, { flags }: Account): boolean {
  return flags.some((flag) => aliasOf(flag.instance) === alias && flag.username === username)
}

function isFlagTrue(ccp: ClosedCcp, account: Account): boolean {
  const { alias, username } = ccp
  const { entries, record } = account
  const last = record.states.filter((state) => state.alias === alias && state.agent === username).at(-1)
  const own = ofCcp(ccp, entries)
  if (last?.type !== 'offline') return isFlagged(ccp, account)
  return !isFlagged(ccp, account) || own.length === 0 || own.some(needsAttention)
}

/** The host name's first part. */
function aliasOf(instance: string): string {
  return instance.split('.')[0] ?? ''
}

function lastStepOf({ timeline, at }: LogEntry): number {
  return Math.max(at, ...timeline.map((step) => step.at))
}

function isWithin(time: number, from: number, to: number): boolean {
  return time >= from - SLACK_MS && time <= to + SLACK_MS
}
