/**
 * What an organization decides for its agents' browsers. Precedence, key by key: default, user, policy. A policy is unchecked
 * input: Chromium checks only its types, Firefox nothing at all.
 */
import type { SettingKey, SettingProblem, Settings } from './settings'
import type { SettingSpec } from './setting-spec'
import { makesObserve, resolveSettings, SETTING_KEYS, SETTING_SPECS } from './settings'
import { allowedValues } from './setting-spec'

/** What policy alone can set: whether people may change the settings that policy leaves open. */
export const USER_SETTINGS = {
  kind: 'choice',
  default: 'lock',
  choices: ['lock', 'allow'],
} as const satisfies SettingSpec

/** Everything that a policy may hold, by key. */
export const POLICY_SPECS: Readonly<Record<string, SettingSpec>> = { ...SETTING_SPECS, userSettings: USER_SETTINGS }

/**
 * How far the policy is known. `waiting`: the browser has not delivered it since it installed the extension. `kept`: the browser
 * has not delivered it since its start, and the last one stands in. `none`: the browser has no policy.
 */
export type PolicyState = 'none' | 'waiting' | 'kept' | 'delivered'

export interface Policy {
  readonly state: PolicyState
  /** Whether the browser says that policy has installed the extension. */
  readonly isAdminInstall: boolean
  /** As the browser delivered them: unchecked. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface SourcedProblem extends SettingProblem {
  readonly source: 'user' | 'policy'
}

/** The settings in force, and who decides them. */
export interface Resolution {
  readonly settings: Settings
  readonly problems: readonly SourcedProblem[]
  /** The keys that policy sets, or would set if its value were allowed. */
  readonly managed: readonly SettingKey[]
  /** The keys that people may not change, `managed` among them: policy or the default decides. */
  readonly locked: readonly SettingKey[]
}

/**
 * The settings in force, from what the user has stored and what policy says. Each value is checked by itself; where a value that
 * decides on whom to act is not allowed, nobody is acted on (see `makesObserve`).
 */
export function resolveAll(stored: Readonly<Record<string, unknown>>, policy: Policy): Resolution {
  const { settings: fromPolicy, problems: refused } = resolveSettings(policyValues(policy))
  const managed = SETTING_KEYS.filter((key) => Object.hasOwn(policy.values, key))
  const locked = locksTheRest(policy) ? SETTING_KEYS : managed
  const open = Object.fromEntries(Object.entries(stored).filter(([key]) => !locked.some((each) => each === key)))
  const { settings: fromUser, problems } = resolveSettings(open)
  const settings = { ...fromUser, ...pick(fromPolicy, managed) }
  // Nobody is set Offline before the organization could exclude them, nor because of a mistyped setting.
  const isHeld = settings.mode === 'act' && [...refused, ...problems].some(makesObserve)
  return {
    settings: policy.state === 'waiting' || isHeld ? { ...settings, mode: 'observe' } : settings,
    problems: [
      ...[...refused, ...userSettingsProblem(policy)].map((problem) => ({ ...problem, source: 'policy' as const })),
      ...problems.map((problem) => ({ ...problem, source: 'user' as const })),
    ],
    managed,
    locked,
  }
}

/** The settings of a policy, in their intended types. */
function policyValues({ values }: Policy): Record<string, unknown> {
  const settings = Object.entries(values).filter(([key]) => key !== 'userSettings')
  return Object.fromEntries(
    settings.map(([key, value]) => {
      const spec = SETTING_KEYS.find((each) => each === key)
      return [key, spec === undefined ? value : meant(SETTING_SPECS[spec], value)]
    }),
  )
}

/**
 * The intended value, where the source of the policy has no such type: Firefox passes on the numbers and strings of the Windows
 * registry (its WindowsGPOParser), which has neither booleans nor, in one value, lists.
 */
function meant(spec: SettingSpec, value: unknown): unknown {
  switch (spec.kind) {
    case 'switch':
      return value === 1 || value === 'true' ? true : value === 0 || value === 'false' ? false : value
    case 'number':
      return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value
    case 'list':
      return typeof value === 'string' ? listIn(value) : value
    case 'choice':
    case 'text':
      return value
  }
}

function listIn(text: string): unknown {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : text
  } catch {
    return text
  }
}

/** Whether the policy locks the other settings: as it says or, where it does not say, if it has installed the extension. */
function locksTheRest({ state, isAdminInstall, values }: Policy): boolean {
  if (state === 'waiting') return true
  const { userSettings = isAdminInstall ? 'lock' : 'allow' } = values
  return userSettings !== 'allow'
}

function userSettingsProblem({ values }: Policy): SettingProblem[] {
  const { userSettings: value } = values
  if (value === undefined || value === 'lock' || value === 'allow') return []
  return [{ key: 'userSettings', value, allowed: allowedValues(USER_SETTINGS) }]
}

function pick(settings: Settings, keys: readonly SettingKey[]): Partial<Settings> {
  return Object.fromEntries(keys.map((key) => [key, settings[key]]))
}

/**
 * Whether people may delete the log: only if they may set how long it is stored. Where the organization has installed the
 * extension, or sets the retention, the log is the organization's evidence.
 */
export function mayDeleteLog({ locked }: Pick<Resolution, 'locked'>): boolean {
  return !locked.includes('retentionDays')
}

/** For callers that have no browser to ask. */
export const NO_POLICY: Policy = { state: 'none', isAdminInstall: false, values: {} }
