/** Closes after which their agents may be logged out: a log-out ends all means to verify, so it comes last. */
import { agentKey } from '../agent'
import type { LogEntry } from '../log-entry'
import type { PendingClose } from './closes'
import { leadOf } from './closes'
import type { LogOutDue, SessionsState } from './state'

/** For how long after its close an agent may be logged out: later they may have signed in anew. */
export const LOG_OUT_MS = 60_000

/** Notes an agent whose CCP is gone, and who is Offline: by this close, or by their own choice before it. */
export function withLogOut(state: SessionsState, close: PendingClose, entry: LogEntry, now: number): SessionsState {
  const { documents } = close
  const isLeft = documents.every((doc) => doc.gone !== null && doc.place?.ownCookies !== false)
  // A page that is loaded anew brings its agent back; one that logged out has done so.
  const isOver = entry.cause !== 'reloaded' && entry.cause !== 'logged_out'
  const wasOffline = entry.reason === 'not_routable' && entry.stateBefore.type === 'offline'
  const isOffline = entry.outcome === 'confirmed' || wasOffline
  if (!isOffline || !isLeft || !isOver) return state
  const { id: closeId, instance, username } = entry
  const { url, agent } = leadOf(close)
  const due: LogOutDue = { closeId, instance, username, url, since: now, target: agent?.offlineState ?? null }
  const others = state.logOuts.filter((other) => agentKey(other.instance, other) !== agentKey(instance, entry))
  return { ...state, logOuts: [...others, due] }
}

/** Forgets log-outs whose time is over, or that are still to come by a clock that has been set back. */
export function withoutOldLogOuts(state: SessionsState, now: number): SessionsState {
  const due = state.logOuts.filter(({ since }) => now - since < LOG_OUT_MS && since <= now + LOG_OUT_MS)
  return due.length === state.logOuts.length ? state : { ...state, logOuts: due }
}
