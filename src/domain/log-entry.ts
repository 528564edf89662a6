import type { AgentState } from './agent'
import type { FlagReason } from './away'
import type { CallError, CloseEvent, SignOffKind } from './close-report'
import type { CannotReason, LeftReason, NotNeededReason, Would } from './decide-close'
import type { Exposure } from './exposure'
import type { UnverifiedReason } from './verification'

/** How a close ended. Only Connect's own word makes it `confirmed`. */
export type Outcome =
  | 'confirmed'
  | 'unconfirmed'
  | 'failed'
  | 'not_needed'
  /** The agent is known to take contacts with nobody here, and is left so. */
  | 'left_available'
  /** No close: a page that nothing of ours is at work in. */
  | 'unprotected'

/** What ended the CCP, or what called for Offline while it stayed open. */
export type Cause =
  | SignOffKind
  /** Nothing ended it: the entry is about the page. */
  | 'none'
  | 'tab_closed'
  | 'window_closed'
  | 'navigated_away'
  | 'reloaded'
  | 'logged_out'
  | 'frame_removed'
  /** The page vanished without an unload event while its tab lives on: its renderer crashed or was killed. */
  | 'crashed'
  /** The browser quit, was killed, or the machine went away. */
  | 'browser_ended'
  /** `beforeunload` fired, but the page lives on: a download, an answer of 204, a leave-page dialog. */
  | 'stayed'
  /** It went while the background was not running, and its last words were lost. */
  | 'unknown'

/** How the outcome is known. */
export type Evidence =
  /** Connect answered the page's own call. */
  | 'call_answered'
  /** Another CCP document of the agent received a snapshot after the close. */
  | 'snapshot'
  /** The background asked Connect afterwards, and the agent was Offline. */
  | 'asked'
  /** The background set the agent Offline afterwards, and Connect said so. */
  | 'set_by_background'
  /** A recovery CCP set the agent Offline afterwards, and Connect answered its call. */
  | 'set_by_recovery'
  | 'none'

/** What could not be done, where no call failed that would have an error of its own. */
export type FailureReason =
  | CannotReason
  /** The document was gone before anything of ours could run. */
  | 'nothing_tried'
  /** The page was to set an agent Offline who is not there, and gave no answer; while it is open, nobody else does. */
  | 'page_silent'

/** Why nothing of ours is at work in a page. */
export type UnprotectedReason =
  /** The page never showed a `connect` object with the parts that the bridge needs. */
  | 'no_connect'
  /** Its Streams is there, but has announced no agent, or one whose facts cannot be read. */
  | 'no_agent'

/** The surface of Amazon Connect that the document was. */
export type Surface = 'ccp-v1' | 'ccp-v2' | 'agent-workspace'

export type TimelineEvent =
  | 'opened'
  | 'closing'
  | 'call_succeeded'
  | 'call_failed'
  | 'stayed'
  | 'gone'
  | 'tab_removed'
  | 'window_removed'
  | 'browser_ended'
  | 'agent_seen_offline'
  | 'verified_offline'
  | 'set_by_background'
  /** The time for after-contact work was up: Offline has ended it. */
  | 'acw_ended'
  /** A missed or failed contact had put the agent into a state that may end in Available: Offline has ended it. */
  | 'missed_ended'
  /** The same, where Offline was queued and the agent could not have got back to Available by themselves. */
  | 'stuck_ended'
  | 'not_verified'
  /** Mode `observe`: the instance was asked once, and nothing was changed. */
  | 'observed'
  /** The agent was asked whether a CCP may be opened to set them Offline. */
  | 'recovery_asked'
  | 'recovery_opened'
  | 'recovery_closed'
  /** The agent was seen again, in another CCP document. */
  | 'agent_returned'
  /** An Offline of this close came after the agent's return, and was taken back. */
  | 'undone'
  /** What the close had taken from the agent was given back: the page was loaded anew, or stayed. */
  | 'given_back'
  /** The agent, who had not been there, is at the computer again. */
  | 'agent_back'
  /** A page that was not protected is so now. */
  | 'protected'
  | 'logged_out'
  | 'log_out_failed'

export interface TimelineStep {
  /** ms since the epoch, by this machine's clock. */
  readonly at: number
  readonly event: TimelineEvent
  readonly detail?: string
}

/** One close of one agent's CCP in one tab: written once, when it is final. */
export interface LogEntry {
  readonly id: string
  /** When the close began, in ms since the epoch. */
  readonly at: number
  /** Host name of the Connect instance. */
  readonly instance: string
  readonly username: string
  readonly agentName: string
  readonly surface: Surface
  readonly framed: boolean
  readonly stateBefore: AgentState
  readonly outcome: Outcome
  readonly evidence: Evidence
  readonly reason:
    NotNeededReason | LeftReason | FailureReason | UnverifiedReason | FlagReason | UnprotectedReason | null
  /** In mode `observe`: what `act` would have done. Not in entries of other closes, nor of older versions. */
  readonly would?: Would
  /** What the agent knows the state as that a close sets; not in entries of older versions. */
  readonly target?: string | null
  readonly error: CallError | null
  readonly cause: Cause
  readonly event: CloseEvent | null
  /** From the close to the moment at which the outcome was known, in ms; null where it never was. */
  readonly tookMs: number | null
  /** How long the agent stood ready with nobody there; null where they never did, and in entries of older versions. */
  readonly exposure: Exposure | null
  readonly streamsVersion: string | null
  readonly extensionVersion: string
  readonly timeline: readonly TimelineStep[]
}

/** What became known of a close after its entry was written. */
export interface Amendment {
  readonly id: string
  readonly exposure: Exposure | null
  readonly step: TimelineStep
}

/** The entry with what became known later: its outcome stands. */
export function amended(entry: LogEntry, { exposure, step }: Amendment): LogEntry {
  const isKnown = entry.timeline.some(({ at, event }) => at === step.at && event === step.event)
  const timeline = isKnown ? entry.timeline : [...entry.timeline, step].sort((a, b) => a.at - b.at)
  return { ...entry, timeline, exposure: exposure ?? entry.exposure }
}

/** Whether an agent whose close was only observed may stand ready still: for the list of those, and no alarm. */
export function isLeftAvailable({ would, exposure }: Pick<LogEntry, 'would' | 'exposure'>): boolean {
  return would !== undefined && exposure?.certainty === 'open'
}

/** Whether somebody must look: the agent may still be Available, and nobody who is there knows. */
export function needsAttention({ outcome, reason }: Pick<LogEntry, 'outcome' | 'reason'>): boolean {
  switch (outcome) {
    case 'unconfirmed':
    case 'failed':
      return reason !== 'agent_present' && reason !== 'state_changed'
    case 'left_available':
      return true
    case 'confirmed':
    case 'not_needed':
    case 'unprotected':
      return false
  }
}
