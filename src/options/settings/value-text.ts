/** The words of a setting: its name, and what a value of it is called on the page. */
import type { SettingSpec } from '../../domain/setting-spec'
import { formatNumber } from '../../ui/format'
import { t, textIfAny } from '../../ui/i18n'
import { choiceLabel } from './control'
import { itemLabel } from './list-control'

export function settingLabel(key: string): string {
  return textIfAny(`setting_${key}`) ?? key
}

/** Whether the value is a secret, which is not shown. */
function isHidden(spec: SettingSpec, value: unknown): boolean {
  if ((spec.kind !== 'text' && spec.kind !== 'list') || spec.secret !== true) return false
  return Array.isArray(value) ? value.length > 0 : value !== ''
}

/** An allowed value in the words of the form: `Observe only`, `90 days`, `none chosen`. */
export function valueText(key: string, spec: SettingSpec, value: unknown): string {
  if (isHidden(spec, value)) return t('settingHidden')
  switch (spec.kind) {
    case 'choice':
      return choiceLabel(key, String(value))
    case 'switch':
      return t(value === true ? 'switchOn' : 'switchOff')
    case 'number':
      return [formatNumber(Number(value)), textIfAny(`setting_${key}_unit`)].filter(Boolean).join(' ')
    case 'text':
      return value === '' ? t('settingEmpty') : String(value)
    case 'list': {
      const items = Array.isArray(value) ? value.map(String) : []
      if (items.length === 0) return t(spec.items === null ? 'settingEmpty' : 'settingNoneChosen')
      return items.map((item) => (spec.items === null ? item : itemLabel(key, item))).join(', ')
    }
  }
}
