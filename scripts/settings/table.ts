/** The table of all settings in the administrator's guide, from the table of settings in the code. */
import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { table, withPart } from '../markdown'
import { wordsOf } from '../policies/words'

/** What Firefox lacks a feature for: it sends nothing beforehand, holds no page and reports no lock. */
const CHROMIUM_ALONE = ['holdMs', 'deadMansSwitch', 'onLock']

/** The guide with the table in its place. Throws where the marks of that place are missing. */
export const withSettingsTable = (guide: string): string => withPart(guide, 'settings', settingsTable())

/** A row for each setting: name, title, default, what is allowed, and where it works. */
function settingsTable(): string {
  const rows = Object.entries(POLICY_SPECS).map(([key, spec]) => [
    `[\`${key}\`](settings.md#${key.toLowerCase()})`,
    wordsOf(key).title,
    defaultOf(spec),
    typeOf(spec),
    CHROMIUM_ALONE.includes(key) ? 'Chrome, Edge' : key === 'userSettings' ? 'all, by policy alone' : 'all',
  ])
  return table(['setting', 'what it is', 'default', 'type', 'browsers'], rows)
}

/** As JSON, which an empty list is too; an empty text is nothing to show. */
export function defaultOf({ default: value }: SettingSpec): string {
  return value === '' ? 'empty' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

function typeOf(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'choice':
      return spec.choices.map((choice) => `\`${choice}\``).join(', ')
    case 'switch':
      return '`true`, `false`'
    case 'number':
      return `whole number, ${spec.min} to ${spec.max}`
    case 'list':
      return spec.items === null ? 'list of texts' : `list of ${spec.items.map((item) => `\`${item}\``).join(', ')}`
    case 'text':
      return 'text'
  }
}
