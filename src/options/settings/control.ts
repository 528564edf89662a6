import type { SettingSpec, SettingValue } from '../../domain/setting-spec'
import { h } from '../../ui/dom'
import { textIfAny } from '../../ui/i18n'
import { itemsControl, linesControl } from './list-control'

/** The control that edits a setting. */
export interface Control {
  readonly element: HTMLElement
  /** The element that has the error, for screen readers. */
  readonly focusable: HTMLElement
  show(value: unknown): void
}

export interface Edits {
  /** On every change of what is typed. */
  typed(value: SettingValue): void
  /** When a value is final: for text, on leaving the field or Enter. Typing the 9 of 90 days deletes nothing. */
  meant(value: SettingValue): void
}

/** Makes the control that a kind of setting needs. `id` names it to its label and its error. */
export function settingControl(key: string, id: string, spec: SettingSpec, edits: Edits): Control {
  switch (spec.kind) {
    case 'choice':
      return choiceControl(key, id, spec.choices, edits)
    case 'switch':
      return switchControl(id, edits)
    case 'number':
      return numberControl(key, id, edits)
    case 'text':
      return textControl(id, spec.secret === true, edits)
    case 'list':
      return spec.items === null
        ? linesControl(id, spec.secret === true, edits)
        : itemsControl(key, id, spec.items, edits)
  }
}

function choiceControl(key: string, id: string, choices: readonly string[], edits: Edits): Control {
  const inputs = choices.map((choice) =>
    h('input', {
      type: 'radio',
      name: id,
      id: `${id}-${choice}`,
      value: choice,
      'aria-describedby': `${id}-${choice}-help`,
      onchange: () => edits.meant(choice),
    }),
  )
  const rows = inputs.map((input) =>
    h(
      'div',
      { class: 'choice' },
      input,
      h('label', { for: input.id }, choiceLabel(key, input.value)),
      h('p', { id: `${input.id}-help`, class: 'muted' }, textIfAny(`setting_${key}_${input.value}_help`)),
    ),
  )
  const element = h('div', { class: 'choices' }, ...rows)
  return {
    element,
    focusable: element,
    show: (value) => {
      for (const input of inputs) input.checked = input.value === value
    },
  }
}

function switchControl(id: string, edits: Edits): Control {
  const input = h('input', {
    type: 'checkbox',
    role: 'switch',
    class: 'switch',
    id,
    'aria-describedby': `${id}-help ${id}-error`,
    onchange: () => edits.meant(input.checked),
  })
  return {
    element: input,
    focusable: input,
    show: (value) => {
      input.checked = value === true
    },
  }
}

function numberControl(key: string, id: string, edits: Edits): Control {
  // A text field: a number field hides text that is not a number, and with it what is wrong.
  const read = () => (/^\s*[+-]?\d+\s*$/.test(input.value) ? Number(input.value) : input.value)
  const input = h('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    id,
    'aria-describedby': `${id}-unit ${id}-help ${id}-error`,
    oninput: () => edits.typed(read()),
    onchange: () => edits.meant(read()),
  })
  const unit = h('span', { id: `${id}-unit`, class: 'muted' }, textIfAny(`setting_${key}_unit`))
  return {
    element: h('div', { class: 'number' }, input, unit),
    focusable: input,
    show: (value) => {
      input.value = String(value)
    },
  }
}

function textControl(id: string, isSecret: boolean, edits: Edits): Control {
  const input = h('input', {
    type: isSecret ? 'password' : 'text',
    // Password managers do not fill in a new password.
    autocomplete: isSecret ? 'new-password' : 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    class: 'wide',
    id,
    'aria-describedby': `${id}-help ${id}-error`,
    oninput: () => edits.typed(input.value.trim()),
    onchange: () => edits.meant(input.value.trim()),
  })
  return {
    element: input,
    focusable: input,
    show: (value) => {
      input.value = String(value)
    },
  }
}

export function choiceLabel(key: string, choice: string): string {
  return textIfAny(`setting_${key}_${choice}`) ?? choice
}
