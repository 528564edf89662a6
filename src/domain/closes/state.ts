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
 * What people are shown of an agent who may still be Available: raised by an entry that is not confirmed, until they are back or it is dismissed.
 * Of one whose CCP is open, until somebody is at the computer again, or their state is another.
 */
export interface Flag {
  /**
   * `close`: it is not confirmed. `no_ccp`: somebody has set them ready again, and no CCP of theirs is open here.
   * `asked`: what they asked for is not confirmed, and their CCP is open. `unprotected`: a page that was not protected has
   * gone; nobody knows its agent, so that `username` and `agentName` are empty.
   */
  readonly why: 'close' | 'no_ccp' | 'unprotected' | OfflineWhileOpen
  /** What ended the CCP; missing in what older versions stored, and where nothing of a close raised it. */
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
  /** What the agent knows the state as that the close was to set; null where that is not known. */
  readonly target: string | null
  /** Mode `observe`: listed, and nobody is alarmed. */
  readonly isObserved: boolean
}

/** What was done about an agent who is not there. */
export interface AwayCase {
  readonly kind: AwayKind
  /** The document that was asked to set them Offline, or shows them. */
  readonly docId: string
  /** The state that it was about. */
  readonly before: AgentState
  /**
   * `asked`: the page is setting them Offline. `declined`: it has not, or could not; it is asked again. `offline`: Connect
   * has confirmed it. `over`: nothing more is done until they are back.
   */
  readonly status: 'flagged' | 'asked' | 'declined' | 'offline' | 'over'
  /** When it came to that, in ms since the epoch. */
  readonly at: number
  /** How often the page was asked. */
  readonly tries: number
  /** When somebody was at the computer again; null until then. */
  readonly backAt: number | null
}

/** Who is not there, as far as the machine tells. */
export interface AwayFacts {
  /** null while somebody is at the computer, and where no setting asks. */
  readonly presence: { readonly kind: 'locked' | 'idle'; readonly since: number } | null
  /** The last sleep, and the agents who took contacts through it and of whom nothing has been decided. */
  readonly slept: { readonly since: number; readonly agents: readonly AgentKey[] } | null
  readonly cases: Readonly<Record<AgentKey, AwayCase>>
}

export const NOBODY_AWAY: AwayFacts = { presence: null, slept: null, cases: {} }

/** Everything that must survive the death of the background worker. */
export interface CloseState {
  readonly version: 1
  /** CCP documents: facts alone. */
  readonly documents: Readonly<Record<string, CcpDocument>>
  /** By id: the closes that are pending, and those that something still follows from. */
  readonly closes: Readonly<Record<string, Close>>
  /**
   * Documents that are done with, and closes of documents that stayed, by the time they ended: what still arrives of them
   * is late and says nothing new.
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

/** After this long an instance is asked again: it may have been upgraded. */
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
