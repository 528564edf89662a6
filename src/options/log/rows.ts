import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { t } from '../../ui/i18n'
import type { LogItem } from './items'
import { entryRows } from './row'

/** So many entries become rows at a time: more than a window shows, and few enough not to be felt. */
export const ROWS_AT_A_TIME = 40
/** How far below the window the next rows are made, so that scrolling never comes to an end that is none. */
const AHEAD = '1200px'

export interface RowsPlaces {
  readonly rows: HTMLElement
  /** Comes after the table: what brings it into sight wants more rows. */
  readonly more: HTMLElement
}

export interface LazyRows {
  /**
   * Shows these items, the first of them at once.
   * @param isSameList whether they are what was shown, brought up to date: then so many rows are there as before.
   */
  show(items: readonly LogItem[], isSameList: boolean): void
}

/** The rows of the log, made as they are scrolled to. */
export function lazyRows({ rows, more }: RowsPlaces): LazyRows {
  /** An item's rows stay the same elements: what is open or has the focus stays so. */
  const made = new WeakMap<LogItem, readonly HTMLTableRowElement[]>()
  let items: readonly LogItem[] = []
  let count = 0

  const rowsOf = (item: LogItem): readonly HTMLTableRowElement[] => {
    const known = made.get(item) ?? entryRows(item.entry)
    made.set(item, known)
    return known
  }
  const button = h('button', { type: 'button', onclick: () => extend() })
  more.replaceChildren(button)
  const sight = new IntersectionObserver(
    (seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) extend()
    },
    { rootMargin: AHEAD },
  )
  sight.observe(more)

  const follow = () => {
    more.hidden = count >= items.length
    button.textContent = t('logMore', formatNumber(count), formatNumber(items.length))
    // An observer tells of changes alone: where the end is in sight still, it is to say so again.
    sight.unobserve(more)
    if (!more.hidden) sight.observe(more)
  }
  const extend = () => {
    const next = items.slice(count, count + ROWS_AT_A_TIME)
    count += next.length
    rows.append(...next.flatMap(rowsOf))
    follow()
  }
  return {
    show: (list, isSameList) => {
      items = list
      count = Math.min(list.length, isSameList ? Math.max(count, ROWS_AT_A_TIME) : ROWS_AT_A_TIME)
      keepingFocus(rows, () => rows.replaceChildren(...list.slice(0, count).flatMap(rowsOf)))
      follow()
    },
  }
}

function keepingFocus(place: HTMLElement, replace: () => void): void {
  const held = document.activeElement
  replace()
  if (held instanceof HTMLElement && held !== document.activeElement && place.contains(held)) held.focus()
}
