import type { BackgroundPathHealth } from '../capabilities'
import type { AgentKey, AgentState } from '../agent'
import type { AwayKind, OfflineWhileOpen } from '../close-report'
import type { Cause, Outcome } from '../log-entry'
import type { CcpDocument } from './ccp-document'
import type { Close } from './close'

/** The recovery CCP of this browser, from before it is opened until it is seen to be gone. */
export interface RecoveryCcp {
  /** The close that it is opened for. */
  readonly closeId: string
  readonly instance: string
  readonly url: string
  readonly runId: string
  readonly startedAt: number
  /** null while the browser makes it. */
  readonly tabId: number | null
}

/**
 * An agent who may still be Available, as it is shown: raised by an entry that is not confirmed, until they are back or it is
 * dismissed. While their CCP is open: until somebody is at the computer again, or their state changes.
 */
export interface Flag {
  /**
   * `close`: it is not confirmed. `no_ccp`: somebody has set the agent Available again, and no CCP of theirs is open here.
   * `asked`: the Offline that they asked for is not confirmed, and their CCP is open. `unprotected`: a page that was not
   * protected has gone; nobody knows its agent, so `username` and `agentName` are empty.
   */
  readonly why: 'close' | 'no_ccp' | 'unprotected' | OfflineWhileOpen
  /** What ended the CCP; missing in what older versions stored, and where no close raised the flag. */
  readonly cause?: Cause
  readonly closeId: string
  readonly instance: string
  readonly username: string
  readonly agentName: string
  readonly since: number
  readonly outcome: Outcome
  readonly url: string
  /** The state that the close left. */
  readonly stateBefore: AgentState
  /** The page no longer saw the agent: `stateBefore` is the last that it saw, and the close may have left another. */
  readonly isUnseen?: true
  /** The agent's name for the state that the close was to set; null where that is not known. */
  readonly target: string | null
  /** Mode `observe`: the agent is listed, without an alarm. */
  readonly isObserved: boolean
}

/** What was done about an absent agent. */
export interface AwayCase {
  readonly kind: AwayKind
  /** The document that was asked to set them Offline, or in which they are flagged. */
  readonly docId: string
  /** The agent's state at that time. */
  readonly before: AgentState
  /**
   * `asked`: the page is setting them Offline. `declined`: it has not, or could not, and is asked again. `offline`: Connect has
   * confirmed it. `over`: nothing more is done until they are back.
   */
  readonly status: 'flagged' | 'asked' | 'declined' | 'offline' | 'over'
  /** When the case got this status, in ms since the epoch. */
  readonly at: number
  /** How often the page was asked. */
  readonly tries: number
  /** When somebody was at the computer again; null until then. */
  readonly backAt: number | null
}

/** Who is absent, as far as the machine reports it. */
export interface AwayFacts {
  /** null while somebody is at the computer, and where no setting asks. */
  readonly presence: { readonly kind: 'locked' | 'idle'; readonly since: number } | null
  /** The last sleep, and the agents who took contacts during it and about whom nothing has been decided. */
  readonly slept: { readonly since: number; readonly agents: readonly AgentKey[] } | null
  readonly cases: Readonly<Record<AgentKey, AwayCase>>
}

export const NOBODY_AWAY: AwayFacts = { presence: null, slept: null, cases: {} }

/** Everything that must survive the death of the background worker. */
export interface CloseState {
  readonly version: 1
  /** CCP documents: facts alone. */
  readonly documents: Readonly<Record<string, CcpDocument>>
  /** By id: the closes that are pending, and those from which something still follows. */
  readonly closes: Readonly<Record<string, Close>>
  /**
   * By the id of a document or a close, when it ended: a message that still arrives from it is late, and adds nothing. Documents whose
   * close is finalized, of recovery CCPs, and of content scripts that were replaced; closes of documents that stayed.
   */
  readonly ended: Readonly<Record<string, number>>
  /** Instances that have refused `enqueueNextState`, by the time they last did. */
  readonly enqueueRefused: Readonly<Record<string, number>>
  /** By instance: how the background's own calls last fared there. */
  readonly backgroundPaths: Readonly<Record<string, BackgroundPathHealth>>
  /** The one recovery CCP that the browser may have. */
  readonly recovery: RecoveryCcp | null
  readonly away: AwayFacts
}

/** After this long an instance is asked for it again: it may have been upgraded. */
const REFUSAL_MS = 7 * 24 * 60 * 60_000

/** Whether a page of this instance may ask for `enqueueNextState`. */
export function mayEnqueue(state: CloseState, instance: string, now: number): boolean {
  const at = state.enqueueRefused[instance]
  return at === undefined || now - at >= REFUSAL_MS
}

export const EMPTY_CLOSE_STATE: CloseState = {
  version: 1,
  documents: {},
  closes: {},
  ended: {},
  enqueueRefused: {},
  backgroundPaths: {},
  recovery: null,
  away: NOBODY_AWAY,
}
