/** What a snapshot of the instance, asked for after a close, says of the agent, and what is to be done about it. */
import type { AgentState, ContactFacts } from './agent'
import { hasAfterContactWork, hasLiveContact, isOfContact, isSameState, wasConnected } from './agent'
import { isFromState } from './close-rules'
import { offlineEvidence } from './evidence'
import { beganBefore, comparePeriods } from './state-period'
import type { Occupation } from './waiting'

/** What the instance says of the agent now. */
export interface Snapshot {
  readonly state: AgentState
  /** The state that is queued for when the contacts have ended. */
  readonly nextState?: AgentState
  readonly contacts: readonly ContactFacts[]
}

/** What is known of a close that an agent is compared with. */
export interface LeftBehind {
  /** The state at the close. */
  readonly state: AgentState
  /** The state that was queued for the end of the contacts then. */
  readonly nextState?: AgentState
  /** The contacts at the close; missing where nobody knows them. */
  readonly contacts?: readonly ContactFacts[]
  /** A contact was seen since, or at the close: a change of the state may be its doing alone. */
  readonly sawContact: boolean
  /** Somebody has taken a contact since. */
  readonly isAnswered: boolean
}

export type SnapshotVerdict = 'offline' | 'stale' | 'set' | 'contact' | 'work' | 'changed' | 'superseded'

/**
 * What to do with an agent whose CCP is gone.
 * @param left what the close has left.
 * @param now with states as they count.
 * @param fromStates those of the settings.
 * @returns `set` where the agent is still in the very state that the close left, or a contact alone has changed it; `work`
 * where that would throw away the work after a contact; `superseded` where they take contacts again by somebody's doing;
 * `stale` where the snapshot is from before the close.
 */
export function judgeSnapshot(left: LeftBehind, now: Snapshot, fromStates: readonly string[] = []): SnapshotVerdict {
  const { state } = now
  if (state.type === 'offline') return offlineEvidence(left.state, state) === 'confirmed' ? 'offline' : 'stale'
  if (hasLiveContact(now)) return 'contact'
  switch (state.type) {
    case 'system':
      // Without a contact to show for it, Connect's own word stands: there may be one.
      return hasAfterContactWork(now) ? 'work' : 'contact'
    case 'error':
      // Missed, or failed: nobody has chosen it, nothing is written in it, and it may end in Available at any moment.
      return hasAfterContactWork(now) ? 'work' : 'set'
    case 'routable':
    case 'not_routable': {
      if (!isFromState(state, fromStates)) return beganBefore(state, left.state) ? 'stale' : 'changed'
      const isTheirs = isOfClose(left, now)
      if (isTheirs === 'yes') return hasAfterContactWork(now) ? 'work' : 'set'
      if (isTheirs === 'no' && beganBefore(state, left.state)) return 'stale'
      // Where no time is known, nobody knows whose doing it is.
      return isTheirs === 'no' && state.type === 'routable' ? 'superseded' : 'changed'
    }
    case 'init':
    case 'unknown':
      return 'changed'
  }
}

/** Whether somebody has taken a contact since a close: one is connected, or was, that had not been then. */
export function wasAnswered({ contacts, isAnswered }: LeftBehind, now: Snapshot): boolean {
  if (isAnswered || contacts === undefined) return isAnswered
  const before = contacts.filter(wasConnected)
  return now.contacts.filter(wasConnected).some(({ id }) => {
    // Where no id is told, one that was connected at the close may be any that is.
    return id === undefined ? before.length === 0 : before.every((known) => known.id !== undefined && known.id !== id)
  })
}

/** Whether the agent is in the state that the close left, or in the one that its contacts have brought about. */
function isOfClose(left: LeftBehind, now: Snapshot): 'yes' | 'no' | 'unknown' {
  const { state } = now
  if (wasAnswered(left, now)) return 'no'
  const match = comparePeriods(left.state, state)
  if (match === 'same') return 'yes'
  const hadContact = left.sawContact || isOfContact(left.state)
  // What was queued comes when the contacts have ended.
  if (hadContact && left.nextState !== undefined && isSameState(left.nextState, state)) return 'yes'
  // The availability survives contacts: where it is told, it decides.
  const isTold = left.state.availability?.since != null && state.availability?.since != null
  // A contact does not end in a state that takes none.
  if (hadContact && !isTold && state.type === 'routable') return 'yes'
  if (match === 'unknown')
    return state.startTimestamp !== null || left.state.startTimestamp === null ? 'yes' : 'unknown'
  return left.state.startTimestamp === null && isSameState(left.state, state) ? 'yes' : 'no'
}

/** What there is to wait for, of an agent who has contacts. */
export function occupationOf({ state, contacts }: Snapshot, verdict: 'contact' | 'work'): Occupation {
  const ended = contacts.filter((contact) => contact.state === 'ended').map(({ id = '' }) => id)
  return { kind: verdict === 'work' ? 'work' : 'live', ended, isReady: !isOfContact(state) }
}
