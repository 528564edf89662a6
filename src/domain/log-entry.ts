import type { AgentState } from './agent'
import { agentKey } from './agent'
import type { CallError, CloseEvent, OfflineWhileOpen } from './close-report'
import type { Would } from './decide-close'
import type { Exposure } from './exposure'
import type { Reason } from './reasons'

/** How a close ended. Only a later snapshot that the background has asked for makes it `confirmed`: see `evidence.ts`. */
export type Outcome =
  | 'confirmed'
  /** A page has reported that Connect took the call, or that it saw the agent Offline, and the background could not look. */
  | 'accepted'
  | 'unconfirmed'
  | 'failed'
  | 'not_needed'
  /** The agent is known to take contacts with nobody here, and stays so. */
  | 'left_available'
  /** Not a close: a page that is not protected. */
  | 'unprotected'

/** What ended the CCP, or what called for Offline while it stayed open. */
export type Cause =
  | OfflineWhileOpen
  /** Nothing ended it: the entry is about the page. */
  | 'none'
  | 'tab_closed'
  | 'window_closed'
  | 'navigated_away'
  | 'reloaded'
  | 'logged_out'
  | 'frame_removed'
  /** The page vanished without an unload event, while its tab lives on: its renderer crashed or was killed. */
  | 'crashed'
  /** The browser quit, was killed, or the machine went away. */
  | 'browser_ended'
  /** `beforeunload` fired, but the page lives on: a download, an answer of 204, a leave-page dialog. */
  | 'stayed'
  /** It went while the background was not running, and its close report was lost. */
  | 'unknown'

/** How the outcome is known. */
export type Evidence =
  /** Connect answered the page's own call: it accepted what was asked for, or refused it. */
  | 'call_answered'
  /** A CCP document of the agent has reported a snapshot after the close. In older versions that was `confirmed`. */
  | 'snapshot'
  /** The background asked Connect afterwards, and a snapshot showed the agent Offline. */
  | 'asked'
  /** The background set the agent Offline afterwards, and a later snapshot showed it. */
  | 'set_by_background'
  /**
   * A recovery CCP has reported that it set the agent Offline afterwards. In older versions that was `confirmed` with its
   * snapshot.
   */
  | 'set_by_recovery'
  | 'none'

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
  /** The time for after-contact work was up, and Offline ended it. */
  | 'acw_ended'
  /** A missed or failed contact had put the agent into a state that may end in Available, and Offline ended it. */
  | 'missed_ended'
  /** The same, where Offline was queued and the agent could not have got back to Available themselves. */
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
  /** An Offline of this close came after the agent's return, and was reverted. */
  | 'undone'
  /** The status from before the close was restored: the page was reloaded, or stayed. */
  | 'given_back'
  /** The agent, who had been away, is at the computer again. */
  | 'agent_back'
  /** A page that was not protected has become protected. */
  | 'protected'
  | 'logged_out'
  | 'log_out_failed'
  /** The organization's watchdog has set the agent Offline, and Connect has shown it to the watchdog. */
  | 'set_by_watchdog'
  /** The same, but Connect had only accepted it when this machine learned of it. */
  | 'asked_by_watchdog'

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
  /** The name of the agent's routing profile; missing where it is not known, and in entries of older versions. */
  readonly routingProfile?: string
  /**
   * The value of `otlpResource` for this machine when the entry was written: `site=Lisboa, floor=2`. Missing where it was empty.
   */
  readonly label?: string
  readonly surface: Surface
  readonly framed: boolean
  readonly stateBefore: AgentState
  readonly outcome: Outcome
  readonly evidence: Evidence
  readonly reason: Reason | null
  /** In mode `observe`: what `act` would have done. Missing in entries of other closes, and of older versions. */
  readonly would?: Would
  /** The agent's name for the state that a close sets; missing in entries of older versions. */
  readonly target?: string | null
  readonly error: CallError | null
  readonly cause: Cause
  readonly event: CloseEvent | null
  /** From the close to the moment at which the outcome was known, in ms; null where it never was. */
  readonly tookMs: number | null
  /** How long the agent was Available with nobody there; null where they never were, and in entries of older versions. */
  readonly exposure: Exposure | null
  readonly streamsVersion: string | null
  readonly extensionVersion: string
  readonly timeline: readonly TimelineStep[]
}

/** What became known of a close after its entry was written. */
export interface Amendment {
  readonly id: string
  /**
   * Whose close the page says it is, as far as the page knows: an entry of another agent does not change. Missing where no page
   * is involved.
   */
  readonly of?: { readonly instance: string; readonly username: string | null }
  readonly exposure: Exposure | null
  readonly step: TimelineStep
}

/** The entry with what became known later: its outcome stands. */
export function amended(entry: LogEntry, { exposure, step, of }: Amendment): LogEntry {
  const username = of?.username ?? entry.username
  if (of !== undefined && agentKey(entry.instance, entry) !== agentKey(of.instance, { username })) return entry
  const isKnown = entry.timeline.some(({ at, event }) => at === step.at && event === step.event)
  const timeline = isKnown ? entry.timeline : [...entry.timeline, step].sort((a, b) => a.at - b.at)
  return { ...entry, timeline, exposure: exposure ?? entry.exposure }
}

/** Whether two entries are of one and the same close: an entry is written again where a worker died over it. */
export function isSameClose(a: LogEntry, b: LogEntry): boolean {
  return a.at === b.at && a.cause === b.cause && a.instance === b.instance && a.username === b.username
}

/** Whether an agent whose close was only observed may still be Available: such agents are listed, without an alarm. */
export function isLeftAvailable({ would, exposure }: Pick<LogEntry, 'would' | 'exposure'>): boolean {
  return would !== undefined && exposure?.certainty === 'open'
}

/** Whether somebody must look: the agent may still be Available, and nobody on the spot knows. */
export function needsAttention({ outcome, reason }: Pick<LogEntry, 'outcome' | 'reason'>): boolean {
  switch (outcome) {
    case 'unconfirmed':
    case 'failed':
      return reason !== 'agent_present' && reason !== 'state_changed'
    case 'left_available':
      return true
    case 'confirmed':
    case 'accepted':
    case 'not_needed':
    case 'unprotected':
      return false
  }
}
