import type { PolicyState, Resolution } from '../domain/policy'
import { resolveAll } from '../domain/policy'
import type { SettingKey } from '../domain/settings'
import type { SettingValue } from '../domain/setting-spec'
import { resolveSettings, SETTING_KEYS, SETTING_SPECS } from '../domain/settings'
import { allowedValues } from '../domain/setting-spec'
import { signalledKeys } from '../platform/stored-signal'
import { text } from '../platform/text'
import { ownStore } from './own-store'
import { isPolicyChange, readPolicy } from './policy-store'

const KEY = 'settings'

export interface ResolvedSettings extends Resolution {
  /** The keys that the user has set. */
  readonly changed: readonly string[]
  readonly policy: PolicyState
}

async function stored(): Promise<Record<string, unknown>> {
  const { [KEY]: value } = await ownStore.get(KEY)
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export async function loadSettings(): Promise<ResolvedSettings> {
  const [values, policy] = await Promise.all([stored(), readPolicy()])
  return { ...resolveAll(values, policy), changed: Object.keys(values), policy: policy.state }
}

/** Writes are made one at a time: two at once would both begin with the same stored values, and one of them would be lost. */
let queue: Promise<unknown> = Promise.resolve()

/**
 * Stores the user's values of some settings, or resets them to their defaults: all of them, or none.
 * @param values by key; `null` for the default.
 * @throws Error that names the key and what is allowed, for a key that does not exist, a value that is not allowed, or a
 * key that is the organization's to set.
 */
export function saveSettings(values: Readonly<Record<string, SettingValue | null>>): Promise<void> {
  return inTurn(async () => {
    const { locked } = await loadSettings()
    for (const [key, value] of Object.entries(values)) check(key, value, locked)
    const next = Object.entries({ ...(await stored()), ...values }).filter(([, value]) => value !== null)
    await ownStore.set({ [KEY]: Object.fromEntries(next) })
  })
}

/** The same, for one setting. */
export function saveSetting(key: string, value: SettingValue | null): Promise<void> {
  return saveSettings({ [key]: value })
}

/** Resets all settings to their defaults, and deletes what was stored under keys of no setting. Locked settings do not change. */
export function resetSettings(): Promise<void> {
  return inTurn(async () => {
    const { locked } = await loadSettings()
    const kept = Object.entries(await stored()).filter(([key]) => locked.some((each) => each === key))
    await ownStore.set({ [KEY]: Object.fromEntries(kept) })
  })
}

function inTurn(task: () => Promise<void>): Promise<void> {
  const done = queue.then(task)
  queue = done.catch(() => undefined)
  return done
}

function check(key: string, value: SettingValue | null, locked: readonly SettingKey[]): void {
  const known = SETTING_KEYS.find((candidate): candidate is SettingKey => candidate === key)
  if (known === undefined) throw new Error(text('refused_noSetting', key))
  if (locked.includes(known)) throw new Error(text('refused_managed', key))
  if (value === null || resolveSettings({ [key]: value }).problems.length === 0) return
  throw new Error(text('refused_notAllowed', key, JSON.stringify(value), allowedValues(SETTING_SPECS[known])))
}

/** Whether a change of what is stored may have changed the settings in force. */
export function isSettingsChange(changes: Readonly<Record<string, unknown>>, area: string): boolean {
  const keys = signalledKeys(changes, area)
  return keys.includes(KEY) || isPolicyChange(keys)
}
