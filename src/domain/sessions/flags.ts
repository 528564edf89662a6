/** Flags: agents who may still be Available, from a close that needs attention until they are back or it is dismissed. */
import { agentKey } from '../agent'
import { isSignOff } from '../close-report'
import type { LogEntry } from '../log-entry'
import { isAnotherStay } from './away'
import type { PendingClose } from './closes'
import { leadOf, pendingCloses } from './closes'
import { closeIdOf } from './conclude'
import { update } from './documents'
import type { Flag, SessionsState } from './state'
import { isOpen, keyOf } from './ccp-document'

const MAX_FLAGS = 100

/** Takes down the flag of a close that ended well; and every flag of an agent who is known to be Offline now. */
export function withoutFlag(state: SessionsState, entry: LogEntry, close: PendingClose): SessionsState {
  const key = agentKey(entry.instance, entry)
  // Last words that came after the flag have given the close another name.
  const names = close.documents.flatMap(({ docId, closing }) => [docId, closing?.report.closeId])
  const isSettled = (flag: Flag): boolean =>
    names.includes(flag.closeId) || (entry.outcome === 'confirmed' && agentKey(flag.instance, flag) === key)
  return { ...state, flags: state.flags.filter((flag) => !isSettled(flag)) }
}

/** Raises the flag of a close. */
export function withFlag(state: SessionsState, entry: LogEntry, close: PendingClose): SessionsState {
  const { url } = close.documents[0]
  const { id: closeId, instance, username, agentName, at: since, outcome } = entry
  const key = agentKey(instance, entry)
  // What the pages of this close said while they went is no return.
  const own = new Set(close.documents.map(({ docId }) => docId))
  // One flag an agent, from their first close on; and none where they are back already.
  const back = Object.values(state.documents).some(
    (doc) => !own.has(doc.docId) && keyOf(doc) === key && doc.agentAt > since,
  )
  const isObserved = entry.would !== undefined
  const why = isSignOff(entry.cause) ? entry.cause : entry.reason === 'superseded' ? 'no_ccp' : 'close'
  // Whose CCP is open is seen all the while.
  if (back && !isSignOff(why)) return state
  if (why === 'asked' && hasLeft(state, key, entry)) return state
  const isSame = (flag: Flag): boolean => agentKey(flag.instance, flag) === key
  // What was only observed makes way for what somebody must look at; what is shown of an agent with a CCP open is over
  // with that CCP.
  const isFlagged = ({ why: other, ...flag }: Flag): boolean => !isSignOff(other) && (isObserved || !flag.isObserved)
  if (state.flags.some((flag) => isSame(flag) && isFlagged(flag))) return state
  const { stateBefore, target = null } = entry
  const who = { closeId, instance, username, agentName }
  const flag: Flag = { why, cause: entry.cause, ...who, since, outcome, url, stateBefore, target, isObserved }
  const others = state.flags.filter((other) => !isSame(other))
  return { ...state, flags: [...others, flag].slice(-MAX_FLAGS) }
}

/** Whether the agent was seen in another state since: what they asked for is done, or they want another. */
function hasLeft(state: SessionsState, key: string, { stateBefore: before }: LogEntry): boolean {
  return Object.values(state.documents).some(
    (doc) => isOpen(doc) && keyOf(doc) === key && doc.agent !== null && isAnotherStay(before, doc.agent.state),
  )
}

/** Whether its flag was taken down by somebody while it went on. */
export function isDismissed({ documents }: PendingClose): boolean {
  return documents.some((doc) => doc.isDismissed)
}

/** Somebody knows of a close that still goes on: it is not flagged again. */
export function withDismissed(state: SessionsState, closeId: string): SessionsState {
  const close = pendingCloses(state).find((one) => closeIdOf(one) === closeId)
  if (close === undefined) return state
  return update(state, leadOf(close).docId, (doc) => ({ ...doc, isDismissed: true }))
}
