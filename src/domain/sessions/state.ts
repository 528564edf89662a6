import type { BackgroundPathHealth, PageCapabilities } from '../capabilities'
import type { AgentFacts, AgentKey, AgentState } from '../agent'
import { agentKey } from '../agent'
import type { AwayKind, CallError, CloseResult, ClosingReport, SignOffKind } from '../close-report'
import type { Sighting } from '../exposure'
import type { Cause, Outcome, Surface, TimelineStep, UnprotectedReason } from '../log-entry'
import type { UnverifiedReason, Verification } from '../verification'

/** How the background came to know that a document is no more. */
export type GoneBy = 'pagehide' | 'disconnect' | 'tab_removed' | 'successor' | 'no_answer' | 'run_ended'

/** Whether our bridge is at work in the document; where it is not, why. */
export type Protection =
  | { readonly status: 'waiting' }
  | { readonly status: 'protected' }
  | { readonly status: 'unprotected'; readonly reason: UnprotectedReason }

/** How the document came to be, as its navigation entry says. */
export type NavigationType = 'navigate' | 'reload' | 'back_forward' | 'prerender'

/** What is fixed in the life of a CCP document. */
export interface DocumentHeader {
  /** Made by our content script for each life of a document; a page that comes back from the back/forward cache gets another. */
  readonly docId: string
  readonly instance: string
  /** Where the CCP can be opened again: origin and path, without query and fragment. */
  readonly url: string
  readonly surface: Surface
  readonly framed: boolean
  readonly navigationType: NavigationType
  /** The content script came to a page that was there before it: an install or an update. */
  readonly late: boolean
  readonly openedAt: number
}

/** Where the browser says that a document is. */
export interface TabPlace {
  readonly tabId: number
  readonly frameId: number
  /** Whether the background shares its cookies: not with private windows and Firefox's containers. */
  readonly ownCookies: boolean
}

export interface CcpDocument extends DocumentHeader {
  /** The run of the extension in which it said hello: another one since means a browser start, a reload or an update. */
  readonly runId: string
  /** null where only the mailbox told of it: mail has no sender. */
  readonly place: TabPlace | null
  /** When it was last heard of: for a document that vanished with its browser, all that is known of its end. */
  readonly lastSeenAt: number
  /** When a new run of the extension found it among the documents of an earlier one. */
  readonly orphanedAt: number | null
  readonly protection: Protection
  readonly streamsVersion: string | null
  /** null until the bridge has told. */
  readonly capabilities: PageCapabilities | null
  readonly agent: AgentFacts | null
  /** The time of the message that `agent` is from, and its place in the document's own order: an older one comes too late. */
  readonly agentAt: number
  readonly agentSeq: number
  readonly closing: { readonly at: number; readonly seq: number; readonly report: ClosingReport } | null
  readonly result: { readonly at: number; readonly seq: number; readonly result: CloseResult } | null
  readonly stayedAt: number | null
  readonly gone: { readonly at: number; readonly by: GoneBy } | null
  readonly tabRemoved: { readonly at: number; readonly windowClosing: boolean } | null
  /** What came after it in the same frame. */
  readonly successor: 'reload' | 'navigation' | null
  /** Of the close that it leads: how the background goes about verifying it. */
  readonly verification: Verification | null
  /** Of the close that it leads: how a CCP that is opened for it goes about mending it. */
  readonly recovery: Recovery | null
  /** When a snapshot in another document showed the agent Offline after this one's close. */
  readonly seenOfflineAt: number | null
  /** The flag of its close was dismissed while the close went on. */
  readonly isDismissed: boolean
  /** The document that this one is a reload of has said that it closes: what it has taken may be given back here. */
  readonly reloads: Pick<RecentClose, 'report' | 'username' | 'at'> | null
  /** Since when a worker that has started anew waits for its sign of life; null once there was one. */
  readonly unheardSince: number | null
  /** Another close of the agent that began later was over first, and saw to them. */
  readonly isBorne: boolean
  /** How another document found the agent first, after this one's close. */
  readonly returned: Sighting | null
  readonly timeline: readonly TimelineStep[]
}

/** How the recovery of a close ended. */
export type RecoveryEnd =
  | { readonly at: number; readonly confirmed: true; readonly by: 'seen' | 'set' }
  | {
      readonly at: number
      readonly confirmed: false
      readonly reason: UnverifiedReason
      readonly error: CallError | null
      /** The agent has dismissed the flag that offered it. */
      readonly isDeclined: boolean
    }

/** The recovery of a close: there is one at most. */
export interface Recovery {
  /** When it was offered, or asked for. */
  readonly since: number
  /** Why the background could not do it. */
  readonly reason: 'refused' | 'forbidden'
  readonly status: 'offered' | 'wanted' | 'under_way' | 'over'
  readonly end: RecoveryEnd | null
}

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

/** What a document said of its close, and where it was. */
export interface RecentClose {
  readonly instance: string
  readonly framed: boolean
  readonly runId: string
  readonly place: TabPlace
  readonly username: string
  readonly at: number
  readonly report: ClosingReport
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

export function keyOf(doc: CcpDocument): AgentKey | null {
  return doc.agent === null ? null : agentKey(doc.instance, doc.agent)
}

/** When the close of a document began: with its own words, or with its disappearance. */
export function closeStartedAt(doc: CcpDocument): number | null {
  return doc.closing?.at ?? doc.gone?.at ?? null
}

/** Whether its page said that it is loaded anew, and may still come back as another document. */
export function isReloading({ closing, stayedAt, tabRemoved, gone, verification, recovery }: CcpDocument): boolean {
  const did = closing?.report.did
  if (did?.action !== 'left' || did.reason !== 'reload' || stayedAt !== null) return false
  return tabRemoved === null && gone?.by !== 'run_ended' && verification === null && recovery === null
}

/** Whether it is about to go, and has asked for Offline. */
export function isActing({ closing, stayedAt, gone }: CcpDocument): boolean {
  return closing?.report.did.action === 'attempted' && stayedAt === null && gone === null
}

/** Whether the document is there, and not about to go as far as we know. */
export function isOpen(doc: CcpDocument): boolean {
  return doc.closing === null && doc.gone === null
}
