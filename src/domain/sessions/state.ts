import type { BackgroundPathHealth } from '../capabilities'
import type { AgentKey, AgentState } from '../agent'
import type { AwayKind, SignOffKind } from '../close-report'
import type { Cause, Outcome } from '../log-entry'
import type { CcpDocument, RecentClose } from './ccp-document'

/** The recovery CCP of this browser, from before it is opened until it is seen to be gone. */
export interface RecoveryCcp {
  /** The document that holds the recovery which it is for. */
  readonly docId: string
  readonly closeId: string
  readonly instance: string
  readonly url: string
  readonly runId: string
  readonly startedAt: number
  /** null while the browser makes it. */
  readonly tabId: number | null
}

/**
 * An agent who may still be Available: raised by an entry that is not confirmed, until they are back or it is dismissed.
 * Of one whose CCP is open, until somebody is at the computer again, or their state is another.
 */
export interface Flag {
  /**
   * `close`: it is not confirmed. `no_ccp`: somebody has set them ready again, and no CCP of theirs is open here.
   * `asked`: what they asked for is not confirmed, and their CCP is open.
   */
  readonly why: 'close' | 'no_ccp' | SignOffKind
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

/** An entry whose exposure has no end yet. */
export interface OpenExposure {
  readonly closeId: string
  readonly instance: string
  readonly username: string
  /** The state that the close left, and when it began, in ms since the epoch. */
  readonly stateBefore: AgentState
  readonly since: number
}

/** When a close last sent a request that sets the agent Offline: it may arrive later than the agent returns. */
export interface RequestsOfClose {
  readonly closeId: string
  readonly startedAt: number
  readonly lastAt: number
  /** How many it may have sent: as many Offlines may arrive, each on its own. */
  readonly count: number
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

/** A close that has left its agent Offline and without a CCP: they may be logged out now. */
export interface LogOutDue {
  readonly closeId: string
  readonly instance: string
  /** An address of the instance. */
  readonly url: string
  readonly username: string
  /** When the close was concluded, in ms since the epoch. */
  readonly since: number
  /** The state that a close sets. */
  readonly target: AgentState | null
}

/** Everything that must survive the death of the background worker. */
export interface SessionsState {
  readonly version: 1
  readonly documents: Readonly<Record<string, CcpDocument>>
  readonly flags: readonly Flag[]
  /**
   * Documents that are done with, and closes of documents that stayed, by the time they ended: what still arrives of them
   * is late and says nothing new.
   */
  readonly ended: Readonly<Record<string, number>>
  /** Instances that have refused `enqueueNextState`, by the time they last did. */
  readonly enqueueRefused: Readonly<Record<string, number>>
  /** By instance: how the background's own calls last fared there. */
  readonly backgroundPaths: Readonly<Record<string, BackgroundPathHealth>>
  /** By agent: their latest close that has sent, or may still send, a request of ours. */
  readonly requests: Readonly<Record<AgentKey, RequestsOfClose>>
  readonly recentCloses: readonly RecentClose[]
  /** The one recovery CCP that the browser may have. */
  readonly recovery: RecoveryCcp | null
  readonly away: AwayFacts
  readonly logOuts: readonly LogOutDue[]
  readonly exposures: readonly OpenExposure[]
}

/** After this long an instance is asked again: it may have been upgraded. */
const REFUSAL_MS = 7 * 24 * 60 * 60_000

/** Whether a page of this instance may ask for `enqueueNextState`. */
export function mayEnqueue(state: SessionsState, instance: string, now: number): boolean {
  const at = state.enqueueRefused[instance]
  return at === undefined || now - at >= REFUSAL_MS
}

export const EMPTY_SESSIONS: SessionsState = {
  version: 1,
  documents: {},
  flags: [],
  ended: {},
  enqueueRefused: {},
  backgroundPaths: {},
  requests: {},
  recentCloses: [],
  recovery: null,
  away: NOBODY_AWAY,
  logOuts: [],
  exposures: [],
}
