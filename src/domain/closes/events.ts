import type { AgentFacts } from '../agent'
import type { PageCapabilities } from '../capabilities'
import type { AwayKind, CloseResult, ClosingReport } from '../close-report'
import type { RecoveryFinding } from '../recovery-order'
import type { Finding } from '../check'
import type { DocumentHeader, TabPlace } from './ccp-document'
import type { FlagReason, UnprotectedReason } from '../reasons'

/** What a document reports about itself. */
export type DocumentEvent =
  /** `recovers`: the page's mark of a tab that was opened as a recovery CCP, in this run or an earlier one. */
  | { readonly type: 'hello'; readonly recovers?: string }
  | { readonly type: 'agent'; readonly agent: AgentFacts; readonly streamsVersion: string | null }
  /** `soFar`: the page has loaded, and the missing part may still come. */
  | { readonly type: 'unprotected'; readonly reason: UnprotectedReason; readonly soFar?: true | undefined }
  /** Carries the agent's facts again, so that it can be understood where nothing before it has arrived. */
  | { readonly type: 'closing'; readonly report: ClosingReport; readonly agent: AgentFacts }
  | { readonly type: 'result'; readonly closeId: string; readonly result: CloseResult }
  | { readonly type: 'stayed'; readonly closeId: string }
  | { readonly type: 'capabilities'; readonly capabilities: PageCapabilities }
  /** An Offline of an earlier close came after the agent's return, and this document reverted it. */
  | { readonly type: 'undone'; readonly closeId: string; readonly result: CloseResult }
  /** The status that the agent had before a reload, or a close that did not happen, was restored by this document. */
  | { readonly type: 'given_back'; readonly closeId: string; readonly result: CloseResult }
  /** What a recovery CCP found, and did. */
  | { readonly type: 'recovered'; readonly closeId: string; readonly finding: RecoveryFinding }
  | { readonly type: 'gone' }

/** Whether the tab of a close that settles is still there, and still on its way to somewhere. */
export type TabStatus = 'loading' | 'complete' | 'missing'

/**
 * Everything that can happen to CCP documents, in whatever order and however often it arrives.
 * `at` is in ms since the epoch, by this machine's clock.
 */
export type CcpEvent =
  | {
      readonly type: 'document'
      readonly at: number
      readonly runId: string
      /** The document's own count of its messages: their order, whatever the clock does. */
      readonly seq: number
      readonly header: DocumentHeader
      /** null: from the mailbox. */
      readonly place: TabPlace | null
      readonly docEvent: DocumentEvent
    }
  | {
      readonly type: 'lost'
      readonly at: number
      readonly docId: string
      readonly place: TabPlace
      readonly by: 'disconnect' | 'no_answer'
    }
  | { readonly type: 'tab_removed'; readonly at: number; readonly tabId: number; readonly windowClosing: boolean }
  /**
   * The worker has started: nobody waits any more for answers that an earlier worker asked for, and nobody holds its ports. Where
   * the extension has started again as well (with the browser, or after a reload or an update), the run is another one: documents
   * of other runs are orphans.
   */
  | { readonly type: 'worker_started'; readonly at: number; readonly runId: string }
  /** A document has answered a restarted worker. */
  | { readonly type: 'heard'; readonly at: number; readonly docId: string }
  /** The browser has started: documents that were open before are gone, and tabs have other numbers. */
  | { readonly type: 'browser_started'; readonly at: number; readonly runId: string }
  | { readonly type: 'dismiss_flag'; readonly at: number; readonly closeId: string }
  /** Somebody wants the instance to be asked about that close now, before it is due. */
  | { readonly type: 'retry_wanted'; readonly at: number; readonly closeId: string }
  /** What an attempt of a check has found. `jitter` is random, 0 to 1. */
  | {
      readonly type: 'checked'
      readonly at: number
      readonly closeId: string
      readonly finding: Finding
      readonly jitter: number
      /** How long the instance's answer took, in ms; null where none came. */
      readonly roundTripMs: number | null
      /** A look has contradicted an accepted Offline (see `isContradictedBy`). */
      readonly isContradicted?: boolean
    }
  /** The background is about to set the agent of a close Offline. */
  | { readonly type: 'setting_offline'; readonly at: number; readonly closeId: string }
  /** The instance is being asked about a close: nobody else need ask until its answer must have come. */
  | { readonly type: 'asking'; readonly at: number; readonly closeId: string }
  /** The agent of that document has taken the return offer: they want the status of before the close. */
  | { readonly type: 'return_taken'; readonly at: number; readonly docId: string }
  /** The agent has asked for the recovery that a flag offers. */
  | { readonly type: 'recovery_wanted'; readonly at: number; readonly closeId: string }
  /** A recovery CCP is about to be made, unless one exists: the caller reads the answer from the state. */
  | { readonly type: 'recovery_opening'; readonly at: number; readonly closeId: string; readonly runId: string }
  /** The browser has made the tab, in which nothing is loaded yet. */
  | { readonly type: 'recovery_opened'; readonly at: number; readonly closeId: string; readonly tabId: number }
  /** The recovery ended at a page that is no CCP, or its tab could not be made. */
  | {
      readonly type: 'recovery_failed'
      readonly at: number
      readonly closeId: string
      readonly reason: 'signed_out' | 'no_answer'
    }
  /** The tab of the recovery CCP is gone. */
  | { readonly type: 'recovery_gone'; readonly at: number; readonly closeId: string }
  /** Whether somebody is at the machine, and since when. */
  | {
      readonly type: 'presence'
      readonly at: number
      readonly presence: 'active' | 'idle' | 'locked'
      readonly since: number
    }
  /** The machine has slept: it was asleep at `since`, and is awake by now. */
  | { readonly type: 'slept'; readonly at: number; readonly since: number }
  /** An absent agent is flagged, and nothing else is done. `id` is that of the entry. */
  | {
      readonly type: 'away_flagged'
      readonly at: number
      readonly id: string
      readonly docId: string
      readonly kind: AwayKind
      readonly reason: FlagReason
    }
  /** The page of an absent agent is about to be asked to set them Offline. */
  | { readonly type: 'away_asked'; readonly at: number; readonly docId: string; readonly kind: AwayKind }
  /** The page has declined: what it knows of the agent is newer. */
  | { readonly type: 'away_declined'; readonly at: number; readonly docId: string }
  /** The page has not answered. `id` is that of the entry. */
  | {
      readonly type: 'away_silent'
      readonly at: number
      readonly id: string
      readonly docId: string
      readonly kind: AwayKind
    }
  /** Agents who were set Offline in their absence, and are back, have been notified. */
  | { readonly type: 'away_notified'; readonly at: number }
  /** How a log-out that was due ended: `problem` is null where the session is gone. */
  | { readonly type: 'logged_out'; readonly at: number; readonly closeId: string; readonly problem: string | null }
  /** Something may be due by now; `holding` names the documents of earlier runs that their tabs still hold. */
  | {
      readonly type: 'tick'
      readonly at: number
      readonly tabs: Readonly<Record<number, TabStatus>>
      readonly holding: readonly string[]
    }

/** What a document has reported. */
export type ReceivedEvent = Extract<CcpEvent, { type: 'document' }>
