/**
 * Flags: agents who may still be Available after a close that needs attention. A flag stands until they are back or somebody
 * dismisses it.
 */
import type { AgentFacts, AgentState } from '../agent'
import { agentKey, instanceKey } from '../agent'
import { isAway, isOfflineWhileOpen } from '../close-report'
import type { LogEntry } from '../log-entry'
import { isLeftAvailable, needsAttention } from '../log-entry'
import { without } from '../without'
import { isOpen, keyOf } from './ccp-document'
import { agentOf, dutiesOf, withoutDuties } from './close'
import type { Close } from './close'
import type { PendingClose } from './closes'
import type { Duty, DutyKind } from './duties'
import type { CcpEvent } from './events'
import { hasMoved } from './has-moved'
import { leadOf } from './close-facts'
import { isSaidAfter } from '../clock'
import { hasLostSight } from './silent'
import type { Flag, CloseState } from './state'

/** A flag, as it is stored on its close. */
export interface FlagDuty extends Omit<Flag, 'closeId' | 'instance' | 'username'> {
  readonly kind: 'flag'
}

export const FLAG: DutyKind<FlagDuty> = {
  most: 100,
  isOneAnAgent: true,
  begin: (state, close, entry) =>
    // Somebody has dismissed the flag already, and knows.
    close.isDismissed || !(needsAttention(entry) || isLeftAvailable(entry)) || isSignedOutOffline(state, close, entry)
      ? null
      : flagOf(state, close, entry),
  isEndedBy,
}

/** The flags that are up, the oldest first. */
export function flagsOf(state: CloseState): Flag[] {
  return dutiesOf(state, 'flag')
    .map(({ close: { id: closeId, instance, username }, duty }) => {
      return { ...without(duty, 'kind'), closeId, instance, username }
    })
    .sort((a, b) => a.since - b.since)
}

/**
 * Takes down the flag of a close that ended well; every flag of an agent who is known to be Offline now; and those of the
 * agent's other CCPs that the same log-out has ended.
 */
export function withoutFlag(state: CloseState, { outcome, cause }: LogEntry, close: PendingClose): CloseState {
  const isOver = (duty: Duty, other: Close): boolean => {
    if (duty.kind !== 'flag' || agentOf(other) !== agentOf(close)) return false
    if (other.id === close.id || outcome === 'confirmed') return true
    return outcome === 'accepted' && cause === 'logged_out' && duty.cause === 'logged_out'
  }
  return withoutDuties(state, isOver)
}

/**
 * Whether Connect has accepted Offline for another CCP of the agent that the same log-out has ended. The log-out ends the session
 * of all of them, so that the others' calls are refused, and nobody can look.
 */
function isSignedOutOffline({ closes }: CloseState, close: PendingClose, { cause, at }: LogEntry): boolean {
  if (cause !== 'logged_out') return false
  return Object.values(closes).some(
    ({ verdict, ...other }) =>
      verdict?.outcome === 'accepted' &&
      verdict.cause === 'logged_out' &&
      verdict.at >= at &&
      agentOf(other) === agentOf(close),
  )
}

/** The flag of a close; null where its agent has one, or is back. */
export function flagOf(state: CloseState, close: PendingClose, entry: LogEntry): FlagDuty | null {
  const { url } = close.documents[0]
  const { at: since, agentName, outcome, cause, stateBefore, target = null } = entry
  const key = agentOf(close)
  // The close's own pages are no sign of a return.
  const own = new Set(close.docIds)
  // An agent has one flag, from their first close on; none where they are back already.
  const back = Object.values(state.documents).some(
    (doc) => !own.has(doc.docId) && keyOf(doc) === key && doc.agentAt > since,
  )
  const isObserved = entry.would !== undefined
  const why = isOfflineWhileOpen(cause) ? cause : entry.reason === 'superseded' ? 'no_ccp' : 'close'
  // An agent whose CCP is open is seen all the while: being seen is no return.
  if (back && !isOfflineWhileOpen(why)) return null
  if (why === 'asked' && hasLeft(state, key, entry)) return null
  // A flag of mode `observe` gives place to one that somebody must look at; a flag of an agent with a CCP open ends with that
  // CCP.
  const stands = flagsOf(state).some(
    (flag) => agentOf(flag) === key && !isOfflineWhileOpen(flag.why) && (isObserved || !flag.isObserved),
  )
  if (stands) return null
  const unseen = hasLostSight(leadOf(close)) ? ({ isUnseen: true } as const) : {}
  return { kind: 'flag', why, cause, agentName, since, outcome, url, stateBefore, ...unseen, target, isObserved }
}

/** The state in which a flagged agent may still be, by its name: Available where the last that was seen took no contacts. */
export function mayStillBe({ stateBefore, isUnseen }: Pick<Flag, 'stateBefore' | 'isUnseen'>): AgentState {
  const { type } = stateBefore
  const isOther = isUnseen === true && (type === 'offline' || type === 'not_routable')
  return isOther ? { name: '', type: 'routable', arn: null, startTimestamp: null } : stateBefore
}

/** Whether the agent was seen in another state since: what they asked for is done, or they want another. */
function hasLeft(state: CloseState, key: string, { stateBefore: before }: LogEntry): boolean {
  return Object.values(state.documents).some(
    (doc) => isOpen(doc) && keyOf(doc) === key && doc.agent !== null && hasMoved(before, doc.agent),
  )
}

function isEndedBy(
  flag: FlagDuty,
  close: Close,
  event: CcpEvent,
  before: CloseState,
  { documents }: CloseState,
): boolean {
  if (event.type === 'dismiss_flag') return event.closeId === close.id
  if (event.type === 'presence') return event.presence === 'active' && endsByReturn(before, flag.why)
  if (event.type !== 'document' || event.docEvent.type !== 'agent') return false
  const { instance, agent } = documents[event.header.docId] ?? {}
  if (agent == null || instance === undefined) return false
  const isTheirs =
    flag.why === 'unprotected'
      ? instanceKey(instance) === instanceKey(close.instance)
      : agentKey(instance, agent) === agentOf(close)
  return isTheirs && !standsWhenSeen(flag, agent, event.at)
}

/**
 * Whether a flag for absence ends when somebody is at the computer. After a sleep the first look does not end it: the person who
 * woke the machine is there, and has not been notified.
 */
export function endsByReturn({ away }: CloseState, why: Flag['why']): boolean {
  return isAway(why) && (why !== 'slept' || away.presence !== null)
}

/** Whether a flag stands when its agent is seen in a document: an agent whose CCP is open is seen all the while. */
export function standsWhenSeen(
  { why, since, stateBefore }: Pick<Flag, 'why' | 'since' | 'stateBefore'>,
  agent: AgentFacts,
  at: number,
): boolean {
  return isOfflineWhileOpen(why) ? !hasMoved(stateBefore, agent) : !isSaidAfter(at, since)
}
