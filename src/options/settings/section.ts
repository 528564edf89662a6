import type { SettingKey } from '../../domain/settings'
import type { SettingValue } from '../../domain/setting-spec'
import { SETTING_KEYS, SETTING_SPECS } from '../../domain/settings'
import type { SettingsStatus } from '../../protocol/ui-messages'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { glyph } from '../../ui/glyph'
import { t } from '../../ui/i18n'
import { failure } from '../../ui/parts'
import { problemNotices } from '../../ui/setting-problems'
import type { Field, Lock } from './field'
import { settingField } from './field'
import type { SettingGroup } from './groups'
import { SETTING_GROUPS } from './groups'

interface Places {
  readonly form: HTMLElement
  readonly problems: HTMLElement
}

export interface SettingsSection {
  /** Reads the settings (again). */
  load(): Promise<void>
  /** Shows what is known to be in force. */
  show(status: SettingsStatus): void
}

/** The settings, one field for each line of the table, in their groups. */
export function settingsSection({ form, problems }: Places, ask: Ask): SettingsSection {
  const fields = new Map<string, Field>()
  for (const key of SETTING_KEYS) {
    const save = async (value: SettingValue | null) => show(await ask('set_setting', { key, value }))
    fields.set(key, settingField(key, SETTING_SPECS[key], save))
  }

  const show = (status: SettingsStatus) => {
    for (const key of SETTING_KEYS) {
      fields.get(key)?.show(status.settings[key], status.changed.includes(key), lockOf(key, status))
    }
    problems.replaceChildren(...policyNotice(status), ...problemNotices(status.problems))
  }
  const load = async () => {
    try {
      const status = await ask('get_settings')
      if (!form.querySelector('.field')) form.replaceChildren(...SETTING_GROUPS.map((one) => group(one, fields)))
      show(status)
    } catch (error) {
      form.replaceChildren(failure(errorText(error), () => void load()))
    }
  }
  return { load, show }
}

/** A heading, a sentence, and the fields that belong under them. */
function group({ id, title, help, keys }: SettingGroup, fields: ReadonlyMap<string, Field>): HTMLElement {
  const heading = h('h3', { id: `settings-${id}` }, t(title))
  const elements = keys.flatMap((key) => fields.get(key)?.element ?? [])
  return h(
    'section',
    { class: 'group', 'aria-labelledby': heading.id },
    h('div', { class: 'about' }, heading, h('p', { class: 'muted' }, t(help))),
    h('div', { class: 'fields card' }, ...elements),
  )
}

function lockOf(key: SettingKey, { managed, locked }: SettingsStatus): Lock {
  if (managed.includes(key)) return 'managed'
  return locked.includes(key) ? 'locked' : null
}

/** Who decides, where it is not the reader alone. */
function policyNotice({ policy, locked }: SettingsStatus): HTMLElement[] {
  if (policy === 'waiting') return [lockNotice('warn', t('policyWaiting'))]
  if (locked.length === 0) return []
  return [lockNotice('neutral', locked.length === SETTING_KEYS.length ? t('policyAll') : t('policySome'))]
}

function lockNotice(tone: 'neutral' | 'warn', text: string): HTMLElement {
  const words = h('div', {}, h('h3', {}, t('policyTitle')), h('p', {}, text))
  return h('div', { class: `notice ${tone}` }, glyph('lock'), words)
}
