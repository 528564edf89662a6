import { POLICY_SPECS } from '../../domain/policy'
import type { SettingKey } from '../../domain/settings'
import type { SettingSpec, SettingValue } from '../../domain/setting-spec'
import { SETTING_KEYS, SETTING_SPECS } from '../../domain/settings'
import type { SettingsStatus } from '../../protocol/ui-messages'
import { OTHER } from './codes'
import type { Pseudonyms } from './pseudonyms'

/** The settings in force, and who decides each. Of lists of instances, profiles, states or people only the length. */
export function settingsPart(status: SettingsStatus, names: Pseudonyms): object {
  const { settings, problems, policy } = status
  for (const key of SETTING_KEYS) hideTexts(SETTING_SPECS[key], settings[key], names)
  return {
    policy,
    inForce: Object.fromEntries(
      SETTING_KEYS.map((key) => [
        key,
        { value: tellable(SETTING_SPECS[key], settings[key]), from: sourceOf(key, status) },
      ]),
    ),
    problems: problems.map(({ source, key, value, allowed }) => ({
      source,
      key: Object.hasOwn(POLICY_SPECS, key) ? key : OTHER,
      value: kindOf(value),
      allowed,
    })),
  }
}

function sourceOf(key: SettingKey, { managed, locked, changed, problems }: SettingsStatus): string {
  if (managed.includes(key)) return 'policy'
  if (locked.includes(key) || !changed.includes(key)) return 'default'
  return problems.some((problem) => problem.key === key && problem.source === 'user') ? 'default' : 'user'
}

function tellable(spec: SettingSpec, value: SettingValue): SettingValue | object {
  switch (spec.kind) {
    case 'choice':
    case 'switch':
    case 'number':
      return value
    case 'list':
      return spec.items === null ? { count: Array.isArray(value) ? value.length : 0 } : value
    case 'text':
      return { count: value === '' ? 0 : 1 }
  }
}

function hideTexts(spec: SettingSpec, value: SettingValue, names: Pseudonyms): void {
  if (spec.kind === 'text' && typeof value === 'string') names.hide(value)
  if (spec.kind === 'list' && spec.items === null && typeof value === 'object')
    for (const each of value) names.hide(each)
}

/** The type of a value that was not accepted. */
function kindOf(value: unknown): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'string') return `a text of ${value.length} characters`
  return Array.isArray(value) ? `a list of ${value.length}` : 'an object'
}
