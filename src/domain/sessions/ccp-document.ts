/** A CCP document, as the state machine knows it: facts, each collected once, and what follows from them alone. */
import type { PageCapabilities } from '../capabilities'
import type { AgentFacts, AgentKey } from '../agent'
import { agentKey } from '../agent'
import type { CallError, CloseResult, ClosingReport } from '../close-report'
import type { Sighting } from '../exposure'
import type { Surface, TimelineStep, UnprotectedReason } from '../log-entry'
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
