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
import type { GroupView } from './finder'
import { settingsFinder } from './finder'
import { settingField } from './field'
import type { SettingGroup } from './groups'
import { SETTING_GROUPS } from './groups'

interface Places {
  readonly form: HTMLElement
  /** The sentence on how changes are stored. */
  readonly intro: HTMLElement
  readonly problems: HTMLElement
  /** The buttons for all settings at once. */
  readonly tools: HTMLElement
}

export interface SettingsSection {
  /** Reads the settings (again). */
  load(): Promise<void>
  /** Shows the settings that are in force. */
  show(status: SettingsStatus): void
}

/** The settings, one field for each line of the table, in their groups. */
export function settingsSection({ form, intro, problems, tools }: Places, ask: Ask): SettingsSection {
  const fields = new Map<string, Field>()
  for (const key of SETTING_KEYS) {
    const save = async (value: SettingValue | null) => show(await ask('set_setting', { key, value }))
    fields.set(key, settingField(key, SETTING_SPECS[key], save))
  }

  const show = (status: SettingsStatus) => {
    for (const key of SETTING_KEYS) {
      fields.get(key)?.show(status.settings[key], status.changed.includes(key), lockOf(key, status))
    }
    // Nothing looks changeable where nothing can be changed.
    for (const button of tools.querySelectorAll<HTMLElement>('#settings-import, #settings-reset')) {
      button.hidden = isAllLocked(status)
    }
    intro.hidden = isAllLocked(status)
    problems.replaceChildren(...policyNotice(status), ...problemNotices(status.problems))
  }
  const load = async () => {
    try {
      const status = await ask('get_settings')
      if (!form.querySelector('.field')) {
        const groups = SETTING_GROUPS.map((one) => group(one, fields))
        form.replaceChildren(settingsFinder(groups), ...groups.map(({ element }) => element))
      }
      show(status)
    } catch (error) {
      form.replaceChildren(failure(errorText(error), () => void load()))
    }
  }
  return { load, show }
}

/** A heading, a sentence, and the fields that belong under them. */
function group({ id, title, help, keys, isAdvanced }: SettingGroup, all: ReadonlyMap<string, Field>): GroupView {
  const heading = h('h3', { id: `settings-${id}`, tabindex: -1 }, t(title))
  const fields = keys.flatMap((key) => {
    const field = all.get(key)
    return field === undefined ? [] : [{ key, element: field.element }]
  })
  const card = h('div', { class: 'fields card' }, ...fields.map(({ element }) => element))
  const sentence = h('p', { class: 'muted' }, t(help))
  const fold = isAdvanced === true ? h('details', {}, h('summary', {}, heading), sentence, card) : null
  const content = fold === null ? [h('div', { class: 'about' }, heading, sentence), card] : [fold]
  const element = h('section', { class: 'group', 'aria-labelledby': heading.id }, ...content)
  return { title: t(title), element, heading, fold, fields }
}

function isAllLocked({ locked }: SettingsStatus): boolean {
  return locked.length === SETTING_KEYS.length
}

function lockOf(key: SettingKey, status: SettingsStatus): Lock {
  if (isAllLocked(status)) return 'all'
  return status.locked.includes(key) ? 'one' : null
}

/** Says that the organization decides settings, if it does. */
function policyNotice({ policy, locked }: SettingsStatus): HTMLElement[] {
  if (policy === 'waiting') return [lockNotice('warn', t('policyWaiting'))]
  if (locked.length === 0) return []
  return [lockNotice('neutral', locked.length === SETTING_KEYS.length ? t('policyAll') : t('policySome'))]
}

function lockNotice(tone: 'neutral' | 'warn', text: string): HTMLElement {
  const words = h('div', {}, h('h3', {}, t('policyTitle')), h('p', {}, text))
  return h('div', { class: `notice ${tone}` }, glyph('lock'), words)
}
