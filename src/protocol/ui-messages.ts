/** The requests of the popup and the options page to the background, and its answers. Only extension pages may ask. */
import * as v from 'valibot'
import type { AgentFacts } from '../domain/agent'
import type { BackgroundPathHealth, PageCapabilities } from '../domain/capabilities'
import type { FleetStatus, TestResult } from '../domain/fleet/sending-status'
import type { WatchdogStatus } from '../domain/heartbeat/heartbeat-status'
import type { CloseRequests } from '../domain/close-requests'
import type { LogEntry, Surface } from '../domain/log-entry'
import type { Outlook } from '../domain/outlook'
import type { OfflineNow } from '../domain/closes/offline-now'
import type { Protection } from '../domain/closes/ccp-document'
import type { ReturnStatus } from '../domain/closes/return-offer'
import type { Flag } from '../domain/closes/state'
import type { PolicyState, Resolution, SourcedProblem } from '../domain/policy'
import type { SelfTestResult } from '../domain/self-test-steps'
import { SELF_TEST_STEPS } from '../domain/self-test-steps'
import type { Settings } from '../domain/settings'
import type { FieldCheckView } from './field-check-messages'
import { fieldCheckRequest } from './field-check-messages'
import { id } from './shapes'

/** The id of an entry: it is only ever compared with those of flags. */
const entryId = v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/))

const settingValue = v.union([v.string(), v.number(), v.boolean(), v.pipe(v.array(v.string()), v.readonly())])

export const uiRequestSchema = v.variant('type', [
  v.strictObject({ kind: v.literal('ui'), type: v.literal('get_status') }),
  v.strictObject({ kind: v.literal('ui'), type: v.literal('get_settings') }),
  /** Stores the user's value of one setting; `null` resets it to the default. */
  v.strictObject({
    kind: v.literal('ui'),
    type: v.literal('set_setting'),
    key: v.pipe(v.string(), v.maxLength(64)),
    value: v.nullable(settingValue),
  }),
  /** The same for several settings, all of them or none. */
  v.strictObject({
    kind: v.literal('ui'),
    type: v.literal('set_settings'),
    values: v.record(v.pipe(v.string(), v.maxLength(64)), v.nullable(settingValue)),
  }),
  /** Resets every setting that is not locked to its default. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('reset_settings') }),
  /** Runs one step of the self-test. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('self_test'), step: v.picklist(SELF_TEST_STEPS) }),
  fieldCheckRequest,
  v.strictObject({ kind: v.literal('ui'), type: v.literal('dismiss_flag'), closeId: entryId }),
  /** Opens (or brings to the front) the CCP of a flagged agent. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('open_ccp'), closeId: entryId }),
  /** Opens a CCP for a moment that sets a flagged agent Offline, where that is offered. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('recover'), closeId: entryId }),
  /** Asks the instance now about the close of a flagged agent, where that is still being checked. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('retry_flag'), closeId: entryId }),
  /** The agent of that document wants to be Offline now. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('go_offline'), docId: id }),
  /** The agent of that document wants the status of before their last close. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('take_return'), docId: id }),
  /** The agent has read what the popup is. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('note_introduced') }),
  /** How reporting to the organization's collector goes. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('fleet_status') }),
  /** Sends the collector a record that is marked as a test. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('fleet_test') }),
  /** How the heartbeats to the organization's watchdog go. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('watchdog_status') }),
  /** Refused where the log is the organization's. */
  v.strictObject({ kind: v.literal('ui'), type: v.literal('clear_log') }),
])
export type UiRequest = v.InferOutput<typeof uiRequestSchema>

/** One open CCP document, as the popup shows it. */
export interface DocumentStatus {
  readonly docId: string
  readonly instance: string
  readonly surface: Surface
  readonly framed: boolean
  readonly protection: Protection
  readonly streamsVersion: string | null
  /** What the page can do without Streams; null until it has reported. */
  readonly capabilities: PageCapabilities | null
  readonly agent: AgentFacts | null
  /** The state that the settings name, where this agent cannot be set to it; null where all is well. */
  readonly missingTarget: string | null
  /** What a close would do now. */
  readonly outlook: Outlook
  /** Whether the agent can be set Offline without a close, and how that goes. */
  readonly offlineNow: OfflineNow
  /** Whether the agent can have the status of before their last close; null where there is nothing to offer. */
  readonly returnOffer: ReturnStatus | null
  /** How many other CCPs of the agent are open in this browser. */
  readonly otherCcps: number
}

export interface Status {
  readonly documents: readonly DocumentStatus[]
  /** Tabs that show a CCP without the bridge: protected from their next reload on. */
  readonly unreachedTabs: number
  readonly flags: readonly Flag[]
  /** The flags whose agents a recovery CCP can set Offline, by the ids of their closes. */
  readonly recoverable: readonly string[]
  /** The flags whose closes are still being checked: waiting until due, or asking right now. */
  readonly retries: Readonly<Record<string, 'waiting' | 'asking'>>
  /** By instance: how the background's own calls last fared there. */
  readonly backgroundPaths: Readonly<Record<string, BackgroundPathHealth>>
  readonly lastEntry: LogEntry | null
  /** What the requests of the newest closes have met. */
  readonly closeRequests: CloseRequests
  readonly mode: Settings['mode']
  /** Whether the popup has yet to introduce itself to the agent. */
  readonly isIntroductionDue: boolean
  readonly version: string
  /** Whether the browser grants access to all of the CCP's sites. */
  readonly hostsGranted: boolean
  readonly hosts: readonly { readonly pattern: string; readonly isGranted: boolean }[]
  /** Whether the browser lets the extension into private windows. */
  readonly isInPrivate: boolean
  /** How far a policy is known, and how many settings it sets. */
  readonly policy: { readonly state: PolicyState; readonly managed: number }
  /** Whether nothing was stored when this run began, and since when this browser profile is known. */
  readonly profile: { readonly isNew: boolean; readonly since: number | null }
  /** Damage in the stored data, and failures: for the administrator, in their language. */
  readonly problems: readonly string[]
  /** Values of settings that are not in force. */
  readonly settingProblems: readonly SourcedProblem[]
}

export interface SettingsStatus extends Resolution {
  /** The keys that the user has set. */
  readonly changed: readonly string[]
  readonly policy: PolicyState
}

/**
 * The answer to a wish to be Offline: the page has `asked` Connect, whose answer is in the status; it has `declined`, since it
 * knows the agent better; or it is `silent`, and nothing is done.
 */
export type OfflineAnswer = 'asked' | 'declined' | 'silent'

export interface UiResponses {
  get_status: Status
  get_settings: SettingsStatus
  set_setting: SettingsStatus
  set_settings: SettingsStatus
  reset_settings: SettingsStatus
  self_test: SelfTestResult
  field_check: FieldCheckView
  dismiss_flag: null
  open_ccp: null
  recover: null
  retry_flag: null
  go_offline: OfflineAnswer
  take_return: null
  note_introduced: null
  fleet_status: FleetStatus
  fleet_test: TestResult
  watchdog_status: WatchdogStatus
  clear_log: null
}

/** Each answer says whether it is one; an error reaches the page that asked, as a text. */
export type UiAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string }
