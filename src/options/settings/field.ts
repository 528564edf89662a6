import type { SettingSpec, SettingValue } from '../../domain/setting-spec'
import { resolveSettings } from '../../domain/settings'
import { maxItems, maxLength } from '../../domain/setting-spec'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { glyph } from '../../ui/glyph'
import { t, textIfAny } from '../../ui/i18n'
import { allowedWords } from '../../ui/setting-problems'
import { settingControl } from './control'
import { settingLabel, valueText } from './value-text'

/** Whether policy locks a setting; `all` where it locks every setting, which the page says once. */
export type Lock = 'one' | 'all' | null

export interface Field {
  readonly element: HTMLElement
  /** Shows the value in force, whether the user has set it, and whether they may change it. */
  show(value: unknown, changed: boolean, lock: Lock): void
}

/**
 * One setting: its label, control, error and reset button, made from its line in the table of settings.
 * @param save stores a value; `null` resets the setting to its default.
 */
export function settingField(
  key: string,
  spec: SettingSpec,
  save: (value: SettingValue | null) => Promise<void>,
): Field {
  const id = `setting-${key}`
  const error = h('p', { id: `${id}-error`, class: 'error', role: 'alert' })
  const saved = h('span', { class: 'saved', role: 'status' })
  const reset = h(
    'button',
    { type: 'button', class: 'link', hidden: true, onclick: () => void store(null) },
    t('settingReset', valueText(key, spec, spec.default)),
  )
  const discard = h('button', { type: 'button', class: 'link', hidden: true, onclick: () => takeBack() })
  const inPlace = h('p', { id: `${id}-in-force`, class: 'in-force', hidden: true })
  const control = settingControl(key, id, spec, {
    typed: (value) => {
      isTyping = true
      check(value)
    },
    meant: (value) => {
      isTyping = false
      if (check(value)) void store(value)
    },
  })

  let inForce: unknown = spec.default
  /** Text has been typed that is not final yet. */
  let isTyping = false
  const complain = (text: string) => {
    // Setting the same text again would make screen readers repeat it with each key.
    if (error.textContent !== text) error.textContent = text
    discard.hidden = text === '' || !isTyped(spec)
    discard.textContent = t('settingDiscard', valueText(key, spec, inForce))
    if (text === '') control.focusable.removeAttribute('aria-invalid')
    else control.focusable.setAttribute('aria-invalid', 'true')
  }
  /** Discards what was typed, and shows the value in force again. */
  const takeBack = () => {
    isTyping = false
    control.show(inForce)
    if (document.activeElement === discard) focusControl(control.element)
    complain('')
  }
  control.element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isTyped(spec) && (isTyping || error.textContent !== '')) takeBack()
  })
  const check = (value: SettingValue): boolean => {
    saved.replaceChildren()
    const [problem] = resolveSettings({ [key]: value }).problems
    complain(problem === undefined ? '' : notAllowed(spec))
    return problem === undefined
  }
  const store = async (value: SettingValue | null) => {
    saved.replaceChildren()
    // The default replaces the text in the field.
    if (value === null) complain('')
    try {
      await save(value)
      complain('')
      saved.replaceChildren(glyph('check'), t('settingSaved'))
    } catch (problem) {
      // A switch goes back, as it would claim to be set; typed text remains, so that storing can be tried again.
      if (!isTyped(spec)) control.show(inForce)
      complain(t('settingNotSaved', errorText(problem)))
    }
  }

  return {
    element: layOut(key, id, spec, control.element, [inPlace, saved, error, discard, reset]),
    show: (value, changed, lock) => {
      inForce = value
      setLock(control.element, inPlace, lock, valueText(key, spec, value))
      // A value from elsewhere does not overwrite what is being typed; a policy does. A value that is not allowed remains even
      // when the user has gone on to another setting.
      const isWrong = error.textContent !== ''
      const isTheirs = control.element.contains(document.activeElement) ? isTyping || isWrong : isWrong && isTyped(spec)
      if (lock !== null || !isTheirs) {
        control.show(value)
        complain('')
      }
      // If a focused button vanishes, the focus would go to the top of the page.
      if (!changed && document.activeElement === reset) focusControl(control.element)
      reset.hidden = !changed || lock !== null
    },
  }
}

function layOut(
  key: string,
  id: string,
  spec: SettingSpec,
  control: HTMLElement,
  feet: readonly HTMLElement[],
): HTMLElement {
  const label = settingLabel(key)
  const foot = h('div', { class: 'foot' }, ...feet)
  const helpLine = h('p', { id: `${id}-help`, class: 'help muted' }, textIfAny(`setting_${key}_help`))
  switch (isGroup(spec) ? 'choice' : spec.kind) {
    case 'choice':
      return h(
        'fieldset',
        { class: 'field', 'aria-describedby': `${id}-help ${id}-error` },
        h('legend', { class: 'visually-hidden' }, label),
        h('div', { class: 'head', 'aria-hidden': 'true' }, h('span', { class: 'label' }, label)),
        helpLine,
        control,
        foot,
      )
    case 'switch':
    case 'number':
      return h(
        'div',
        { class: 'field' },
        h('div', { class: 'head' }, h('label', { class: 'label', for: id }, label), control),
        helpLine,
        foot,
      )
    case 'text':
    case 'list':
      return h(
        'div',
        { class: 'field' },
        h('div', { class: 'head' }, h('label', { class: 'label', for: id }, label)),
        helpLine,
        control,
        foot,
      )
  }
}

/** Whether several controls edit it, which share one name. */
function isGroup(spec: SettingSpec): boolean {
  return spec.kind === 'choice' || (spec.kind === 'list' && spec.items !== null)
}

/** Whether its value is typed, so that it may be invalid meanwhile. */
function isTyped(spec: SettingSpec): boolean {
  return spec.kind !== 'switch' && !isGroup(spec)
}

/** A locked setting shows its value as text instead of the control. */
function setLock(control: HTMLElement, inPlace: HTMLElement, lock: Lock, value: string): void {
  const isLocked = lock !== null
  control.hidden = isLocked
  for (const element of [control, ...control.querySelectorAll<HTMLElement>('input, textarea')]) {
    if ('disabled' in element) element.disabled = isLocked
  }
  inPlace.hidden = !isLocked
  const mark = h('span', { class: 'lock' }, glyph('lock'), t('settingLocked'))
  inPlace.replaceChildren(value, ...(lock === 'one' ? [' ', mark] : []))
}

function focusControl(element: HTMLElement): void {
  const target = element.matches('input, textarea')
    ? element
    : element.querySelector<HTMLElement>('input:checked, input')
  target?.focus()
}

function notAllowed(spec: SettingSpec): string {
  switch (spec.kind) {
    case 'number':
      return t('settingAllowedRange', formatNumber(spec.min), formatNumber(spec.max))
    case 'text':
      if (spec.format === 'endpoint') return t('settingAllowedEndpoint')
      return t('settingAllowedText', formatNumber(maxLength(spec)))
    case 'list':
      if (spec.format === 'header') return t('settingAllowedHeaders')
      if (spec.format === 'attribute') return t('settingAllowedAttributes')
      return t('settingAllowedLines', formatNumber(maxItems(spec)), formatNumber(maxLength(spec)))
    case 'choice':
    case 'switch':
      return t('settingAllowed', allowedWords(spec))
  }
}
