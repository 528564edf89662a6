/**
 * The one source of truth for settings: their keys, defaults and allowed values. The form, the validation of stored values and
 * the tests are made from this table.
 */

import type { ChoiceSpec, ListSpec, NumberSpec, SettingSpec, SwitchSpec, TextSpec } from './setting-spec'
import { allowedValues, isAllowed } from './setting-spec'

export type Mode = 'act' | 'observe' | 'off'
/** Where the instance's API may be called without Streams. */
export type DirectPathUse = 'everywhere' | 'page' | 'nowhere'
/** When the browser's own leave-page dialog is raised. */
export type LeaveDialog = 'never' | 'on_contact' | 'routable'
/** What is done where only a CCP can still set an agent Offline. */
export type RecoveryUse = 'ask' | 'open' | 'never'
/**
 * How a reload is distinguished from a close: where that can be known beforehand, never, or by its always passing through
 * Offline.
 */
export type ReloadUse = 'recognised' | 'keep' | 'offline'
/** What a close does to an agent who has a contact. */
export type OnContact = 'after' | 'warn' | 'leave'
/** Whether agents who talk by a desk phone, whose calls outlive the CCP, are acted on. */
export type DeskPhoneUse = 'act' | 'leave'
/** What is done about an agent who takes contacts and is not there. */
export type AwayUse = 'nothing' | 'flag' | 'offline'
/** Whether the popup offers to set the agent Offline at once. */
export type PopupOffline = 'show' | 'hide'

/** How records for the organization's collector are written. */
export type OtlpProtocolUse = 'protobuf' | 'json'
/** How those records identify the agent. */
export type AgentIdentity = 'nothing' | 'hash' | 'user_name'

export interface Settings {
  /** `act` sets the agent Offline; `observe` only logs what `act` would have done; `off` does nothing. */
  readonly mode: Mode
  /** Whether a close that is not confirmed raises a notification. */
  readonly notify: boolean
  /** How long log entries are retained, in days. */
  readonly retentionDays: number
  /** How many log entries are retained: the newest. */
  readonly retentionEntries: number
  /** Where the instance's API may be called without Streams: by page and background, by the page alone, or by none. */
  readonly directPath: DirectPathUse
  /** Whether a page whose token has expired may ask the instance for another. */
  readonly renewToken: boolean
  /** How long a closing page of Chromium may be held for its request to leave, in ms; 0 never holds it. */
  readonly holdMs: number
  /** Whether Chromium holds the Offline request beforehand, to send it where no handler of the page can run. */
  readonly deadMansSwitch: boolean
  /** When the browser asks whether to leave the page: never, on a contact, or whenever the agent takes contacts. */
  readonly leaveDialog: LeaveDialog
  /** Where only a CCP can still set an agent Offline: ask by notification, open one unasked, or do nothing. */
  readonly recovery: RecoveryUse
  /** What is done if a page may only be reloading. */
  readonly reload: ReloadUse
  /** How long a reload may take before it counts as a close, in seconds. */
  readonly graceSeconds: number
  readonly onContact: OnContact
  /** How long after-contact work without a CCP is waited for before Offline ends it, in minutes. */
  readonly acwLimitMinutes: number
  readonly deskPhone: DeskPhoneUse
  /** The current states, by name or ARN, from which agents are set Offline; none: any that takes contacts. */
  readonly fromStates: readonly string[]
  /** The routing profiles, by name or ARN, whose agents are acted on; none: all. */
  readonly routingProfiles: readonly string[]
  /** The instances, by host name or alias, on which agents are acted on; none: all. */
  readonly instances: readonly string[]
  /** The kinds of pages on which agents are acted on; none: all. */
  readonly surfaces: readonly string[]
  /** The state that a close sets, by name or ARN; empty: the one whose type is offline. */
  readonly targetState: string
  /** Whether the agent is logged out when they are Offline. */
  readonly logOut: boolean
  /** What is done when the computer is locked while the agent takes contacts. */
  readonly onLock: AwayUse
  /** What is done when nobody has touched the computer for `idleMinutes`. */
  readonly onIdle: AwayUse
  readonly idleMinutes: number
  /** What is done when the computer wakes from a sleep through which the agent took contacts. */
  readonly onSleep: AwayUse
  /** Whether the popup has a button that sets the agent Offline: without one, they give a reason code in the CCP. */
  readonly popupOffline: PopupOffline
  /** Where records of events go: an OTLP/HTTP address for logs; empty: nowhere. */
  readonly otlpEndpoint: string
  readonly otlpProtocol: OtlpProtocolUse
  /** Headers of those requests, each `Name=value`. */
  readonly otlpHeaders: readonly string[]
  /** Attributes of this machine, each `key=value`. */
  readonly otlpResource: readonly string[]
  readonly agentIdentity: AgentIdentity
  /** The key of the hashes that stand for agents. */
  readonly agentHashKey: string
  /** How often a machine reports what is protected on it, in minutes. */
  readonly coverageMinutes: number
  /** Where heartbeats go: the address of the organization's watchdog; empty: nowhere. */
  readonly watchdogEndpoint: string
  readonly watchdogSecret: string
  /** How often a heartbeat is sent about an agent who takes contacts, in seconds. */
  readonly heartbeatSeconds: number
  /** The user names of the test agents for whom the field check may be run; only a policy's count. */
  readonly fieldCheckAgents: readonly string[]
}

/** Where a CCP is, as far as policies distinguish pages. */
export const SURFACE_SCOPES = ['v1', 'v2', 'agent-workspace', 'framed'] as const
export type SurfaceScope = (typeof SURFACE_SCOPES)[number]

const AWAY = {
  kind: 'choice',
  default: 'nothing',
  choices: ['nothing', 'flag', 'offline'],
} as const satisfies ChoiceSpec<AwayUse>

export const SETTING_SPECS = {
  mode: { kind: 'choice', default: 'act', choices: ['act', 'observe', 'off'] } satisfies ChoiceSpec<Mode>,
  notify: { kind: 'switch', default: true } satisfies SwitchSpec,
  retentionDays: { kind: 'number', default: 90, min: 1, max: 3650 } satisfies NumberSpec,
  retentionEntries: { kind: 'number', default: 20_000, min: 100, max: 100_000 } satisfies NumberSpec,
  directPath: {
    kind: 'choice',
    default: 'everywhere',
    choices: ['everywhere', 'page', 'nowhere'],
  } satisfies ChoiceSpec<DirectPathUse>,
  renewToken: { kind: 'switch', default: false } satisfies SwitchSpec,
  holdMs: { kind: 'number', default: 1000, min: 0, max: 5000 } satisfies NumberSpec,
  deadMansSwitch: { kind: 'switch', default: true } satisfies SwitchSpec,
  leaveDialog: {
    kind: 'choice',
    default: 'never',
    choices: ['never', 'on_contact', 'routable'],
  } satisfies ChoiceSpec<LeaveDialog>,
  recovery: { kind: 'choice', default: 'ask', choices: ['ask', 'open', 'never'] } satisfies ChoiceSpec<RecoveryUse>,
  reload: {
    kind: 'choice',
    default: 'recognised',
    choices: ['recognised', 'keep', 'offline'],
  } satisfies ChoiceSpec<ReloadUse>,
  graceSeconds: { kind: 'number', default: 20, min: 5, max: 120 } satisfies NumberSpec,
  onContact: { kind: 'choice', default: 'after', choices: ['after', 'warn', 'leave'] } satisfies ChoiceSpec<OnContact>,
  acwLimitMinutes: { kind: 'number', default: 10, min: 1, max: 240 } satisfies NumberSpec,
  deskPhone: { kind: 'choice', default: 'act', choices: ['act', 'leave'] } satisfies ChoiceSpec<DeskPhoneUse>,
  fromStates: { kind: 'list', default: [], items: null } satisfies ListSpec,
  routingProfiles: { kind: 'list', default: [], items: null } satisfies ListSpec,
  instances: { kind: 'list', default: [], items: null } satisfies ListSpec,
  surfaces: { kind: 'list', default: [], items: SURFACE_SCOPES } satisfies ListSpec,
  targetState: { kind: 'text', default: '' } satisfies TextSpec,
  logOut: { kind: 'switch', default: false } satisfies SwitchSpec,
  onLock: AWAY,
  onIdle: AWAY,
  idleMinutes: { kind: 'number', default: 15, min: 1, max: 240 } satisfies NumberSpec,
  onSleep: AWAY,
  popupOffline: { kind: 'choice', default: 'show', choices: ['show', 'hide'] } satisfies ChoiceSpec<PopupOffline>,
  otlpEndpoint: { kind: 'text', default: '', format: 'endpoint' } satisfies TextSpec,
  otlpProtocol: {
    kind: 'choice',
    default: 'protobuf',
    choices: ['protobuf', 'json'],
  } satisfies ChoiceSpec<OtlpProtocolUse>,
  otlpHeaders: { kind: 'list', default: [], items: null, format: 'header', secret: true } satisfies ListSpec,
  otlpResource: { kind: 'list', default: [], items: null, format: 'attribute' } satisfies ListSpec,
  agentIdentity: {
    kind: 'choice',
    default: 'nothing',
    choices: ['nothing', 'hash', 'user_name'],
  } satisfies ChoiceSpec<AgentIdentity>,
  agentHashKey: { kind: 'text', default: '', secret: true } satisfies TextSpec,
  coverageMinutes: { kind: 'number', default: 15, min: 1, max: 1440 } satisfies NumberSpec,
  watchdogEndpoint: { kind: 'text', default: '', format: 'endpoint' } satisfies TextSpec,
  watchdogSecret: { kind: 'text', default: '', secret: true } satisfies TextSpec,
  heartbeatSeconds: { kind: 'number', default: 30, min: 30, max: 600 } satisfies NumberSpec,
  fieldCheckAgents: { kind: 'list', default: [], items: null } satisfies ListSpec,
} as const satisfies Record<keyof Settings, SettingSpec>

export type SettingKey = keyof Settings
export const SETTING_KEYS = Object.keys(SETTING_SPECS) as SettingKey[]

export const DEFAULT_SETTINGS = Object.fromEntries(
  SETTING_KEYS.map((key) => [key, SETTING_SPECS[key].default]),
  // The type of the table has every key of `Settings`.
) as unknown as Settings

/** A stored or given value that is not allowed; the default stands in for it. */
export interface SettingProblem {
  readonly key: string
  readonly value: unknown
  /** What is allowed, e.g. `act | observe | off`, `1..3650`; null where the key itself is unknown. */
  readonly allowed: string | null
}

/** The settings that decide whether a close changes an agent's status, and whose. */
const SCOPE_KEYS: readonly string[] = [
  'mode',
  'fromStates',
  'routingProfiles',
  'instances',
  'surfaces',
  'deskPhone',
  'onContact',
] satisfies SettingKey[]

/**
 * Whether a value that is not allowed turns mode `act` into `observe`: a default in its place could act on agents whom the
 * setting was meant to exclude.
 */
export function makesObserve({ key }: Pick<SettingProblem, 'key'>): boolean {
  return SCOPE_KEYS.includes(key)
}

/** Stands in for a value that is not to be shown. */
export const HIDDEN = '…'

/** Whether a setting's value is not to be shown, exported or passed on. */
export function isSecret(key: SettingKey): boolean {
  const spec: SettingSpec = SETTING_SPECS[key]
  return (spec.kind === 'text' || spec.kind === 'list') && spec.secret === true
}

function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTING_SPECS, key)
}

/**
 * Settings from stored values: each key is checked by itself, so an invalid value does not affect the others.
 * @returns the settings in force, and every value that was not accepted.
 */
export function resolveSettings(stored: Readonly<Record<string, unknown>>): {
  settings: Settings
  problems: SettingProblem[]
} {
  const taken: Record<string, unknown> = { ...DEFAULT_SETTINGS }
  const problems: SettingProblem[] = []
  for (const [key, value] of Object.entries(stored)) {
    if (!isSettingKey(key)) problems.push({ key, value, allowed: null })
    else if (isAllowed(SETTING_SPECS[key], value)) taken[key] = value
    else problems.push({ key, value: isSecret(key) ? HIDDEN : value, allowed: allowedValues(SETTING_SPECS[key]) })
  }
  // Every key of the table is in DEFAULT_SETTINGS, and every accepted value was checked against its spec.
  return { settings: taken as unknown as Settings, problems }
}
