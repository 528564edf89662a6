/** Makes the table of all settings in the administrator's guide from the settings in the code. */
import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { table, withPart } from '../markdown'
import { wordsOf } from '../policies/words'

/**
 * Settings for what Firefox cannot do: hold a closing page, prepare a request in advance, or report a locked screen.
 */
const CHROMIUM_ALONE = ['holdMs', 'deadMansSwitch', 'onLock']

/** Returns the guide with the table between its marks. Throws where the marks are missing. */
export const withSettingsTable = (guide: string): string => withPart(guide, 'settings', settingsTable())

/** A row for each setting: name, title, default, allowed values, and the browsers in which it works. */
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

/** A setting's default in Markdown: JSON as code, except that texts have no quotes and an empty text is "empty". */
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
