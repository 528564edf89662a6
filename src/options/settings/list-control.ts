/** The controls of lists: a checkbox for each known item, or a line for each item where any can be named. */
import { h } from '../../ui/dom'
import { textIfAny } from '../../ui/i18n'
import type { Control, Edits } from './control'

/** The name of an item from the catalogue, or the item itself. */
export function itemLabel(key: string, item: string): string {
  return textIfAny(itemKey(key, item)) ?? item
}

/** The catalogue's keys cannot contain hyphens. */
const itemKey = (key: string, item: string): string => `setting_${key}_${item.replaceAll('-', '_')}`

export function itemsControl(key: string, id: string, items: readonly string[], edits: Edits): Control {
  const inputs = items.map((item) =>
    h('input', {
      type: 'checkbox',
      id: `${id}-${item}`,
      value: item,
      'aria-describedby': `${id}-${item}-help`,
      onchange: () => edits.meant(inputs.filter(({ checked }) => checked).map(({ value }) => value)),
    }),
  )
  const rows = inputs.map((input) =>
    h(
      'div',
      { class: 'choice' },
      input,
      h('label', { for: input.id }, itemLabel(key, input.value)),
      h('p', { id: `${input.id}-help`, class: 'muted' }, textIfAny(`${itemKey(key, input.value)}_help`)),
    ),
  )
  const element = h('div', { class: 'choices' }, ...rows)
  return {
    element,
    focusable: element,
    show: (value) => {
      for (const input of inputs) input.checked = Array.isArray(value) && value.includes(input.value)
    },
  }
}

/** One item per line; empty lines and repeated items are dropped. A secret shows as dots. */
export function linesControl(id: string, isSecret: boolean, edits: Edits): Control {
  const read = () => [...new Set(area.value.split('\n').flatMap((line) => line.trim() || []))]
  const area = h('textarea', {
    rows: 3,
    class: isSecret ? 'secret' : null,
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    id,
    'aria-describedby': `${id}-help ${id}-error`,
    oninput: () => edits.typed(read()),
    onchange: () => edits.meant(read()),
  })
  return {
    element: area,
    focusable: area,
    show: (value) => {
      area.value = Array.isArray(value) ? value.join('\n') : ''
    },
  }
}
