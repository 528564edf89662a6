/** Closes after which their agents may be logged out: a log-out ends all means of check, so it comes last. */
import type { AgentState } from '../agent'
import { instanceKey } from '../agent'
import type { Snapshot } from '../judge-snapshot'
import { isLeftAvailable, needsAttention } from '../log-entry'
import type { LogEntry } from '../log-entry'
import type { Settings } from '../settings'
import { isOpen } from './ccp-document'
import { dutiesOf } from './close'
import { leadOf } from './close-facts'
import type { PendingClose } from './closes'
import type { DutyKind } from './duties'
import type { CloseState } from './state'

/** A close has left its agent Offline and without a CCP: they may be logged out now. */
export interface LogOutDuty {
  readonly kind: 'log_out'
  /** An address of the instance. */
  readonly url: string
  /** When the close was finalized, in ms since the epoch. */
  readonly since: number
  /** The state that a close sets. */
  readonly target: AgentState | null
}

/** For how long after its close an agent may be logged out: later they may have signed in again. */
const LOG_OUT_MS = 60_000

export const LOG_OUT: DutyKind<LogOutDuty> = {
  most: 200,
  isOneAnAgent: true,
  begin: (_state, close, entry, now, { logsOut }) =>
    logsOut && isDueAfter(close, entry) ? logOutOf(close, now) : null,
  // A time in the future was noted before the clock was set back.
  isOver: ({ since }, now) => now - since >= LOG_OUT_MS || since > now + LOG_OUT_MS,
  isEndedBy: (_duty, { id }, event) => event.type === 'logged_out' && event.closeId === id,
}

/** Whether the CCP of an agent is gone, and they are Offline: by this close, or by their own choice before it. */
function isDueAfter({ documents }: PendingClose, entry: LogEntry): boolean {
  if (needsAttention(entry) || isLeftAvailable(entry)) return false
  const isLeft = documents.every((doc) => doc.gone !== null && doc.place?.ownCookies !== false)
  // A reload brings its agent back; a page that logged out has done so already.
  const isOver = entry.cause !== 'reloaded' && entry.cause !== 'logged_out'
  const wasOffline = entry.reason === 'not_routable' && entry.stateBefore.type === 'offline'
  // Accepted without being confirmed: the log-out looks at the agent first.
  const isOffline = entry.outcome === 'confirmed' || entry.outcome === 'accepted' || wasOffline
  return isOffline && isLeft && isOver
}

function logOutOf(close: PendingClose, now: number): LogOutDuty {
  const { url, agent } = leadOf(close)
  return { kind: 'log_out', url, since: now, target: agent?.offlineState ?? null }
}

/** A log-out that is due, with its close. */
export interface LogOutDue extends Omit<LogOutDuty, 'kind'> {
  readonly closeId: string
  readonly instance: string
  readonly username: string
}

/** The log-outs that are due. */
export function logOutsOf(state: CloseState): LogOutDue[] {
  return dutiesOf(state, 'log_out').map(
    ({ close: { id: closeId, instance, username }, duty: { url, since, target } }) => {
      return { closeId, instance, username, url, since, target }
    },
  )
}

/** Whether the settings let agents be logged out. */
export function mayLogOut({ logOut, mode, directPath }: Pick<Settings, 'logOut' | 'mode' | 'directPath'>): boolean {
  return logOut && mode === 'act' && directPath === 'everywhere'
}

/**
 * Why an agent is not logged out; null where they are.
 * @param snapshot what the instance says of them now.
 * @param isArriving whether a page of the instance loads that has not said hello.
 */
export function whyNotLogOut(
  { documents, recovery }: CloseState,
  instance: string,
  { state, contacts }: Snapshot,
  isArriving: boolean,
): 'contact' | 'state_changed' | 'agent_present' | null {
  if (contacts.length > 0) return 'contact'
  if (state.type !== 'offline') return 'state_changed'
  const isHere = (host: string): boolean => instanceKey(host) === instanceKey(instance)
  const isThere = Object.values(documents).some((doc) => isOpen(doc) && isHere(doc.instance))
  return isArriving || isThere || (recovery !== null && isHere(recovery.instance)) ? 'agent_present' : null
}
