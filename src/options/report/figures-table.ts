import { h } from '../../ui/dom'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'

/** A table of figures under its title. */
export interface FiguresTable {
  /** Of the title; unique in the page. */
  readonly id: string
  readonly title: string
  /** The ids of what names the region, where it is more than the title: several regions may have that title. */
  readonly labelledBy?: string
  readonly head: readonly MessageKey[]
  /** What a row is about, and its cells below the other heads. */
  readonly rows: readonly (readonly [name: string, cells: readonly string[]])[]
}

/** The ARIA roles are explicit, as the CSS for narrow pages would remove them: there each row is a block, its cells with their heads. */
export function figuresTable({ id, title, labelledBy = id, head, rows }: FiguresTable): HTMLElement {
  const heads = head.map((key) => h('th', { scope: 'col', role: 'columnheader' }, t(key)))
  return h(
    'section',
    {},
    h('h3', { id }, title),
    h(
      'div',
      { class: 'frame card', tabindex: 0, role: 'region', 'aria-labelledby': labelledBy },
      h(
        'table',
        { class: 'figures', role: 'table', 'aria-labelledby': id },
        h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, ...heads)),
        h('tbody', { role: 'rowgroup' }, ...rows.map(([name, cells]) => row(name, cells, head.slice(1)))),
      ),
    ),
  )
}

function row(name: string, cells: readonly string[], heads: readonly MessageKey[]): HTMLElement {
  const figures = cells.map((cell, index) => {
    const key = heads[index]
    const isLong = key === 'reportColFor'
    return h(
      'td',
      { role: 'cell', class: isLong ? 'long' : null, ...(key === undefined ? {} : { 'data-label': t(key) }) },
      cell,
    )
  })
  return h('tr', { role: 'row' }, h('th', { scope: 'row', role: 'rowheader' }, name), ...figures)
}
