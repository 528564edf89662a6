import type { LogEntry } from '../../domain/log-entry'
import { h } from '../../ui/dom'
import { t } from '../../ui/i18n'
import { entryRows } from './row'

/** How many entries become rows at a time: more than a window shows, and few enough not to be noticed. */
export const ROWS_AT_A_TIME = 50
/** How far below the window the next rows are made, so that scrolling does not stop before the last entry. */
const AHEAD = '1200px'

export interface RowsPlaces {
  readonly rows: HTMLElement
  /** Stands after the table: more rows are made when it comes into sight. */
  readonly more: HTMLElement
}

export interface LazyRows {
  /** Shows these entries; `hasMore`: there are others after them. */
  show(entries: readonly LogEntry[], hasMore: boolean): void
}

/**
 * The rows of the log.
 * @param extend is called where the reader comes to the end of what is shown, and there is more.
 */
export function lazyRows({ rows, more }: RowsPlaces, extend: () => void): LazyRows {
  /** An entry has the same row elements throughout, so that open details and the focus stay. */
  const made = new WeakMap<LogEntry, readonly HTMLTableRowElement[]>()
  let shown: readonly LogEntry[] = []

  const rowsOf = (entry: LogEntry): readonly HTMLTableRowElement[] => {
    const known = made.get(entry) ?? entryRows(entry)
    made.set(entry, known)
    return known
  }
  more.replaceChildren(h('button', { type: 'button', onclick: extend }, t('logMore')))
  const sight = new IntersectionObserver(
    (seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) extend()
    },
    { rootMargin: AHEAD },
  )
  return {
    show: (entries, hasMore) => {
      if (shown.length > 0 && shown.every((entry, index) => entry === entries[index])) {
        rows.append(...entries.slice(shown.length).flatMap(rowsOf))
      } else keepingFocus(rows, () => rows.replaceChildren(...entries.flatMap(rowsOf)))
      shown = [...entries]
      more.hidden = !hasMore
      // An observer reports only changes: observe again, so that it reports an end that is still in sight.
      sight.unobserve(more)
      if (hasMore) sight.observe(more)
    },
  }
}

function keepingFocus(place: HTMLElement, replace: () => void): void {
  const held = document.activeElement
  replace()
  if (held instanceof HTMLElement && held !== document.activeElement && place.contains(held)) held.focus()
}
