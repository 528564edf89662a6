import type { SettingSpec, SettingValue } from '../../domain/setting-spec'
import { resolveSettings } from '../../domain/settings'
import { MAX_ITEMS, maxLength } from '../../domain/setting-spec'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { glyph } from '../../ui/glyph'
import { t, textIfAny } from '../../ui/i18n'
import { allowedWords } from '../../ui/setting-problems'
import { settingControl } from './control'
import { settingLabel, valueText } from './value-text'

/** Why people may not change a setting: policy sets it, or leaves it at the default for all. */
export type Lock = 'managed' | 'locked' | null

export interface Field {
  readonly element: HTMLElement
  /** Shows the value in force, whether it is the user's own, and whether it is theirs to change. */
  show(value: unknown, changed: boolean, lock: Lock): void
}

/**
 * One setting: its label, control, error and way back to the default, made from its line in the table of settings.
 * @param save stores a value; `null` gives the setting back to its default.
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
  const lockLine = h('p', { id: `${id}-lock`, class: 'lock', hidden: true })
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
  /** Something is written that is not meant yet. */
  let isTyping = false
  const complain = (text: string) => {
    // The same words once more would be read out once more, with each key.
    if (error.textContent !== text) error.textContent = text
    discard.hidden = text === '' || !isTyped(spec)
    discard.textContent = t('settingDiscard', valueText(key, spec, inForce))
    if (text === '') control.focusable.removeAttribute('aria-invalid')
    else control.focusable.setAttribute('aria-invalid', 'true')
  }
  /** What was typed goes, and what is in force is there again. */
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
    // The default takes the place of whatever is written.
    if (value === null) complain('')
    try {
      await save(value)
      complain('')
      saved.replaceChildren(glyph('check'), t('settingSaved'))
    } catch (problem) {
      // A switch that stays where it was moved to would claim to be so; what was typed is kept, to be stored again.
      if (!isTyped(spec)) control.show(inForce)
      complain(t('settingNotSaved', errorText(problem)))
    }
  }

  return {
    element: layOut(key, id, spec, control.element, [lockLine, saved, error, discard, reset]),
    show: (value, changed, lock) => {
      inForce = value
      setLock(control.element, lockLine, lock)
      // What is being typed is the user's: a value from elsewhere does not overwrite it, a policy does.
      // One that is not allowed is kept when they have gone on to another setting, too.
      const isWrong = error.textContent !== ''
      const isTheirs = control.element.contains(document.activeElement) ? isTyping || isWrong : isWrong && isTyped(spec)
      if (lock !== null || !isTheirs) {
        control.show(value)
        complain('')
      }
      // A button that vanishes under the focus would lose it to the top of the page.
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

/** Whether it is edited by several controls, which have a name together. */
function isGroup(spec: SettingSpec): boolean {
  return spec.kind === 'choice' || (spec.kind === 'list' && spec.items !== null)
}

/** Whether its value is typed, and so may be wrong on the way. */
function isTyped(spec: SettingSpec): boolean {
  return spec.kind !== 'switch' && !isGroup(spec)
}

/** Makes a control one that only tells, whatever kind it is of, and says why beside it. */
function setLock(control: HTMLElement, line: HTMLElement, lock: Lock): void {
  const words = { managed: 'settingManaged', locked: 'settingLocked' } as const
  line.hidden = lock === null
  line.replaceChildren(...(lock === null ? [] : [glyph('lock'), t(words[lock])]))
  const inner = [...control.querySelectorAll<HTMLElement>('input, select, textarea, button')]
  for (const element of [control, ...inner]) {
    if (!('disabled' in element)) continue
    element.disabled = lock !== null
    describe(element, line.id, lock !== null)
  }
}

function describe(element: HTMLElement, id: string, isDescribed: boolean): void {
  const others = (element.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .filter((each) => each !== id && each !== '')
  element.setAttribute('aria-describedby', [...others, ...(isDescribed ? [id] : [])].join(' '))
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
      return t('settingAllowedLines', formatNumber(MAX_ITEMS), formatNumber(maxLength(spec)))
    case 'choice':
    case 'switch':
      return t('settingAllowed', allowedWords(spec))
  }
}
