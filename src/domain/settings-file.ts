/**
 * Settings as a file: to store, to pass on, to import elsewhere. A file may come from anywhere: each key is checked by itself,
 * and nothing changes before somebody has seen the changes.
 */
import type { SettingKey, SettingProblem, Settings } from './settings'
import type { SettingValue } from './setting-spec'
import { isSecret, resolveSettings, SETTING_KEYS } from './settings'

export const SETTINGS_FORMAT = 'signoff-settings'
/** Raised when older versions could no longer read the file; a new setting is no reason. */
export const SETTINGS_FORMAT_VERSION = 1
/** A hundred times as long as the longest settings file could sensibly be. */
export const MAX_FILE_BYTES = 1024 * 1024

/** The settings in force, policy included, as the text of a file: without secrets, since files are passed on. */
export function settingsFile(settings: Settings, extensionVersion: string, at: number): string {
  const file = {
    format: SETTINGS_FORMAT,
    formatVersion: SETTINGS_FORMAT_VERSION,
    extensionVersion,
    exportedAt: new Date(at).toISOString(),
    settings: Object.fromEntries(SETTING_KEYS.filter((key) => !isSecret(key)).map((key) => [key, settings[key]])),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}

export type FileReading =
  | { readonly ok: true; readonly values: Readonly<Record<string, unknown>> }
  /** `foreign`: JSON, but no file of settings. `newer`: its format is one of a later version. */
  | { readonly ok: false; readonly reason: 'not_json' | 'foreign' | 'newer' }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The content of a file. Its values are still unchecked. */
export function readSettingsFile(text: string): FileReading {
  let file: unknown
  try {
    // An editor may have put a byte order mark before it.
    file = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return { ok: false, reason: 'not_json' }
  }
  if (!isRecord(file) || file['format'] !== SETTINGS_FORMAT || !isRecord(file['settings'])) {
    return { ok: false, reason: 'foreign' }
  }
  const { formatVersion } = file
  if (typeof formatVersion !== 'number') return { ok: false, reason: 'foreign' }
  if (formatVersion > SETTINGS_FORMAT_VERSION) return { ok: false, reason: 'newer' }
  return { ok: true, values: file['settings'] }
}

export interface SettingChange {
  readonly key: SettingKey
  readonly from: SettingValue
  readonly to: SettingValue
}

/** What importing a file would do. */
export interface ImportPlan {
  readonly changes: readonly SettingChange[]
  /** Values that are not allowed, and keys that this version does not know. */
  readonly refused: readonly SettingProblem[]
  /** Keys that only the organization may set, where the file has another value. */
  readonly locked: readonly SettingChange[]
  /** How many already have the value of the file. */
  readonly same: number
}

/**
 * Compares the values of a file with what is in force. Keys that are not in the file do not change.
 * @param locked the keys that people may not change.
 */
export function planImport(
  values: Readonly<Record<string, unknown>>,
  settings: Settings,
  locked: readonly SettingKey[],
): ImportPlan {
  const { settings: wanted, problems: refused } = resolveSettings(values)
  const isRefused = (key: SettingKey) => refused.some((problem) => problem.key === key)
  const named = SETTING_KEYS.filter((key) => Object.hasOwn(values, key) && !isRefused(key))
  const all = named.map((key): SettingChange => ({ key, from: settings[key], to: wanted[key] }))
  const different = all.filter(({ from, to }) => !isSame(from, to))
  return {
    changes: different.filter(({ key }) => !locked.includes(key)),
    refused,
    locked: different.filter(({ key }) => locked.includes(key)),
    same: all.length - different.length,
  }
}

function isSame(a: SettingValue, b: SettingValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
