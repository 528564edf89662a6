/** A CCP document, as the state machine knows it: facts alone, each collected once. */
import type { PageCapabilities } from '../capabilities'
import type { AgentFacts, AgentKey } from '../agent'
import { agentKey } from '../agent'
import type { CloseResult, ClosingReport } from '../close-report'
import type { Surface, TimelineStep } from '../log-entry'
import type { UnprotectedReason } from '../reasons'

/** How the background came to know that a document is no more. */
export type GoneBy = 'pagehide' | 'disconnect' | 'tab_removed' | 'successor' | 'no_answer' | 'run_ended'

/** Whether our bridge is at work in the document; where it is not, why. */
export type Protection =
  /** `missing`: what the page, which has loaded, lacks so far; it may still come. */
  | { readonly status: 'waiting'; readonly missing?: UnprotectedReason }
  | { readonly status: 'protected' }
  | { readonly status: 'unprotected'; readonly reason: UnprotectedReason }

/** Why nothing would act on a close of the document now; null where the bridge would, or the page still loads. */
export function unprotectedBecause(protection: Protection): UnprotectedReason | null {
  switch (protection.status) {
    case 'waiting':
      return protection.missing ?? null
    case 'protected':
      return null
    case 'unprotected':
      return protection.reason
  }
}

/** How the document came to be, as its navigation entry says. */
export type NavigationType = 'navigate' | 'reload' | 'back_forward' | 'prerender'

/** What is fixed in the life of a CCP document. */
export interface DocumentHeader {
  /** Made by the content script for each life of a document; a page that comes back from the back/forward cache gets another. */
  readonly docId: string
  readonly instance: string
  /** Where the CCP can be opened again: origin and path, without query and fragment. */
  readonly url: string
  readonly surface: Surface
  readonly framed: boolean
  readonly navigationType: NavigationType
  /** The page was there before the content script: after an install or an update. */
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
  /** The run of the extension in which the document said hello: a later run means a browser start, a reload or an update. */
  readonly runId: string
  /** null where the document is known from the mailbox alone: mail has no sender. */
  readonly place: TabPlace | null
  /** When its last message came: all that is known of the end of a document that vanished with its browser. */
  readonly lastSeenAt: number
  /** When a new run of the extension found it among the documents of an earlier one. */
  readonly orphanedAt: number | null
  readonly protection: Protection
  readonly streamsVersion: string | null
  /** null until the bridge has reported. */
  readonly capabilities: PageCapabilities | null
  readonly agent: AgentFacts | null
  /** The time of the message that `agent` is from, and its number in the document's own order: an older one comes too late. */
  readonly agentAt: number
  readonly agentSeq: number
  readonly closing: {
    readonly at: number
    readonly seq: number
    readonly report: ClosingReport
    /** The agent at that moment; missing in what older versions stored. */
    readonly agent?: AgentFacts
  } | null
  readonly result: { readonly at: number; readonly seq: number; readonly result: CloseResult } | null
  readonly stayedAt: number | null
  readonly gone: { readonly at: number; readonly by: GoneBy } | null
  readonly tabRemoved: { readonly at: number; readonly windowClosing: boolean } | null
  /** The next document in the same frame. */
  readonly successor: 'reload' | 'navigation' | null
  /** The document that this one is a reload of has sent a close report: the status may be restored here. */
  readonly reloads: { readonly report: ClosingReport; readonly username: string; readonly at: number } | null
  /** Since when a restarted worker waits for a sign of life; null once one has come. */
  readonly unheardSince: number | null
  readonly timeline: readonly TimelineStep[]
}

export function keyOf(doc: CcpDocument): AgentKey | null {
  return doc.agent === null ? null : agentKey(doc.instance, doc.agent)
}

/** When the close of a document began: with its report, or with its disappearance. */
export function closeStartedAt(doc: CcpDocument): number | null {
  return doc.closing?.at ?? doc.gone?.at ?? null
}

/** Whether it is about to go, and has asked for Offline. */
export function isActing({ closing, stayedAt, gone }: CcpDocument): boolean {
  return closing?.report.did.action === 'attempted' && stayedAt === null && gone === null
}

/** Whether the document is there, and not about to go as far as is known. */
export function isOpen(doc: CcpDocument): boolean {
  return doc.closing === null && doc.gone === null
}
