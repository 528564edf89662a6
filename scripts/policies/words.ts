import messages from '../../_locales/en/messages.json'
import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { SETTING_SPECS } from '../../src/domain/settings'
import { allowedValues } from '../../src/domain/setting-spec'
import type { SettingGroup } from '../../src/options/settings/groups'
import { SETTING_GROUPS } from '../../src/options/settings/groups'

/** A setting as an administrator reads it. */
export interface SettingWords {
  readonly title: string
  /** A line each for what the setting does, each choice, the allowed values, and the default. */
  readonly lines: readonly string[]
  /** The name of each choice. */
  readonly choices: Readonly<Record<string, string>>
}

const TEXTS: Readonly<Record<string, { readonly message: string }>> = messages

/** `userSettings` is not on the options page, so messages.json has no text for it. */
const USER_SETTINGS: SettingWords = {
  title: 'Whether people may change settings',
  lines: [
    'Whether people may change the settings that this policy leaves alone.',
    'By default they may not where a policy has installed the extension, and may otherwise.',
    'Allowed: lock | allow.',
  ],
  choices: { lock: 'Lock all settings', allow: 'Lock only what this policy sets' },
}

/** The English texts for a key of the policy. Throws where there is no such key, or a text is missing. */
export function wordsOf(key: string): SettingWords {
  if (key === 'userSettings') return USER_SETTINGS
  const spec = POLICY_SPECS[key]
  if (spec === undefined) throw new Error(`There is no setting ${key}`)
  const choices = spec.kind === 'choice' ? spec.choices : []
  return {
    title: must(`setting_${key}`),
    lines: [
      ...given(`setting_${key}_help`),
      ...choices.map((choice) => sentence(key, choice)),
      ...limitsOf(key, spec),
    ],
    choices: Object.fromEntries(choices.map((choice) => [choice, must(`setting_${key}_${choice}`)])),
  }
}

function sentence(key: string, choice: string): string {
  const help = text(`setting_${key}_${choice}_help`)
  return `${choice}: ${must(`setting_${key}_${choice}`)}.${help === null ? '' : ` ${help}`}`
}

function limitsOf(key: string, spec: SettingSpec): string[] {
  const setting = Object.entries(SETTING_SPECS).find(([name]) => name === key)?.[1]
  const unit = text(`setting_${key}_unit`)
  const allowed = setting === undefined ? [] : [`Allowed: ${allowedValues(setting)}${unit === null ? '' : ` ${unit}`}.`]
  return [...allowed, `Default: ${JSON.stringify(spec.default)}.`]
}

/** The group in which the options page shows a setting; null for a key that only a policy can set. */
export function groupOf(key: string): SettingGroup | null {
  return SETTING_GROUPS.find(({ keys }) => keys.some((each) => each === key)) ?? null
}

/** A message of the extension. Throws where it does not exist. */
export function messageOf(key: string): string {
  return must(key)
}

function given(key: string): string[] {
  const found = text(key)
  return found === null ? [] : [found]
}

function text(key: string): string | null {
  return TEXTS[key]?.message ?? null
}

function must(key: string): string {
  const found = text(key)
  if (found === null) throw new Error(`There is no text ${key}`)
  return found
}
