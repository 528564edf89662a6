/** What a snapshot of the instance, asked for after a close, says of the agent, and what is to be done about it. */
import type { AgentState, ContactFacts } from './agent'
import { hasAfterContactWork, hasLiveContact, isOfContact, isSameState } from './agent'
import { isFromState } from './close-rules'
import { offlineEvidence } from './evidence'
import { beganBefore, comparePeriods, hasTakenContact } from './state-period'
import type { Occupation } from './waiting'

/** What the instance says of the agent now. */
export interface Snapshot {
  readonly state: AgentState
  /** The state that is queued for the end of the contacts. */
  readonly nextState?: AgentState
  readonly contacts: readonly ContactFacts[]
}

/** How the agent was at a close, to compare them with. */
export interface AtClose {
  /** The state at the close. */
  readonly state: AgentState
  /** The state that was queued for the end of the contacts then. */
  readonly nextState?: AgentState
  /** The contacts at the close; missing where they are not known. */
  readonly contacts?: readonly ContactFacts[]
  /** A contact was seen since, or at the close: it alone may explain a change of the state. */
  readonly sawContact: boolean
  /** Somebody has taken a contact since. */
  readonly isAnswered: boolean
}

export type SnapshotVerdict = 'offline' | 'stale' | 'set' | 'contact' | 'work' | 'changed' | 'superseded'

/**
 * What to do with an agent whose CCP is gone.
 * @param left what the close has left.
 * @param now with states as they count (see `asCounted`).
 * @param fromStates `fromStates` of the settings.
 * @returns `set` where the agent is still in the very state that the close left, or a contact alone has changed it; `work` where
 * that would throw away the work after a contact; `superseded` where somebody has set them to take contacts again; `stale` where
 * the snapshot is from before the close, or does not tell: the instance is asked again.
 */
export function judgeSnapshot(left: AtClose, now: Snapshot, fromStates: readonly string[] = []): SnapshotVerdict {
  const { state } = now
  if (state.type === 'offline') return offlineEvidence(left.state, state) === 'confirmed' ? 'offline' : 'stale'
  if (hasLiveContact(now)) return 'contact'
  switch (state.type) {
    case 'system':
      // Connect's own word stands without a contact to show for it: there may be one.
      return hasAfterContactWork(now) ? 'work' : 'contact'
    case 'error':
      // Missed, or failed: nobody has chosen the state, no notes are written in it, and it may end in Available at any moment.
      return hasAfterContactWork(now) ? 'work' : 'set'
    case 'routable':
    case 'not_routable': {
      if (!isFromState(state, fromStates)) return beganBefore(state, left.state) ? 'stale' : 'changed'
      const isTheirs = isOfClose(left, now)
      if (isTheirs) return hasAfterContactWork(now) ? 'work' : 'set'
      if (beganBefore(state, left.state)) return 'stale'
      // Without a known time, nobody knows whether the state has changed at all.
      if (isTheirs === null) return 'stale'
      return state.type === 'routable' ? 'superseded' : 'changed'
    }
    case 'init':
    case 'unknown':
      // Not ready, or not to be understood: the next snapshot may say more.
      return 'stale'
  }
}

/** Whether somebody has taken a contact since a close, by this look or an earlier one. */
export function wasAnswered({ state, contacts, isAnswered }: AtClose, now: Snapshot): boolean {
  return isAnswered || (contacts !== undefined && hasTakenContact({ state, contacts }, now.contacts))
}

/**
 * Whether the agent is in the state that the close left, or in one that its contacts have brought about; null where no known
 * time tells.
 */
function isOfClose(left: AtClose, now: Snapshot): boolean | null {
  const { state } = now
  if (wasAnswered(left, now)) return false
  const hadContact = left.sawContact || isOfContact(left.state)
  const match = comparePeriods(left.state, state)
  if (match === 'same') return true
  // The queued state comes when the contacts have ended.
  if (hadContact && left.nextState !== undefined && isSameState(left.nextState, state)) return true
  // The availability survives contacts: where the service sends it, it decides.
  const hasAvailability = left.state.availability?.since != null && state.availability?.since != null
  // A contact does not end in a state that takes none.
  if (hadContact && !hasAvailability && state.type === 'routable') return true
  if (match === 'other') return false
  // A close that did not know the start can compare only the state itself.
  return left.state.startTimestamp === null ? true : null
}

/** What is waited for, of an agent who has contacts. */
export function occupationOf({ state, contacts }: Snapshot, verdict: 'contact' | 'work'): Occupation {
  const ended = contacts.filter((contact) => contact.state === 'ended').map(({ id = '' }) => id)
  return { kind: verdict === 'work' ? 'work' : 'live', ended, isReady: !isOfContact(state) }
}
