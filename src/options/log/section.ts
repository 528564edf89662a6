import type { LogStore } from '../../storage/log-store'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { t, tCount } from '../../ui/i18n'
import { failure } from '../../ui/parts'
import type { FilterPlaces } from './filter'
import { logFilter } from './filter'
import type { LogItem } from './items'
import { readItems } from './read'
import type { RowsPlaces } from './rows'
import { lazyRows } from './rows'
import { NEWEST_FIRST, sortHead, sortItems } from './sort'

export interface LogPlaces extends FilterPlaces, RowsPlaces {
  readonly clear: HTMLButtonElement
  readonly dialog: HTMLDialogElement
  readonly cancel: HTMLButtonElement
  readonly confirm: HTMLButtonElement
  readonly count: HTMLElement
  readonly reset: HTMLButtonElement
  readonly message: HTMLElement
  readonly frame: HTMLElement
  readonly head: HTMLElement
}

export interface LogSection {
  /** Reads the log (again), and shows it. */
  load(): Promise<void>
  /** What is shown, in its order, also where its rows are not made yet; null until the log has been read. */
  shown(): readonly LogItem[] | null
}

/** The log as a table that is filtered and sorted. */
export function logSection(
  places: LogPlaces,
  ask: Ask,
  openLog: () => Promise<LogStore>,
  changed: () => void = () => undefined,
): LogSection {
  let items: readonly LogItem[] = []
  let order = NEWEST_FIRST
  let sorted: readonly LogItem[] = []
  let matching: readonly LogItem[] = []
  let isWhole = false
  let asked = 0
  const rows = lazyRows(places)
  const filter = logFilter(places, () => draw())

  const draw = (isSameList = false) => {
    matching = filter.matching(sorted)
    rows.show(matching, isSameList)
    places.frame.hidden = matching.length === 0
    places.reset.hidden = !filter.isSet()
    places.clear.disabled = items.length === 0
    if (isWhole) {
      places.count.textContent = countText(matching.length, items.length, filter.isSet())
      places.message.replaceChildren(...emptyMessage(matching.length, items.length, () => filter.reset()))
    }
    changed()
  }
  const take = (next: readonly LogItem[]) => {
    items = next
    sorted = sortItems(items, order)
    draw(true)
  }
  const load = async () => {
    const turn = ++asked
    const known = new Map(items.map((item) => [item.entry.id, item]))
    const read: LogItem[] = []
    places.frame.ariaBusy = 'true'
    try {
      for await (const batch of readItems(await openLog(), known)) {
        if (turn !== asked) return
        const isFirst = read.length === 0
        read.push(...batch)
        // What is new is shown at once, above what was there; the rest when all of it has been read.
        if (isFirst) take(mergedOnto(items, read))
      }
      if (turn !== asked) return
      isWhole = true
      filter.offerAgents(read)
      take(read)
    } catch (error) {
      if (turn === asked) fail(t('logUnreadable', errorText(error)))
    } finally {
      if (turn === asked) places.frame.ariaBusy = null
    }
  }
  const fail = (text: string) => places.message.replaceChildren(failure(text, () => void load()))
  const clear = async () => {
    try {
      await ask('clear_log')
      await load()
      places.count.textContent = t('logCleared')
      // The button that had the focus is disabled now.
      places.search.focus()
    } catch (error) {
      fail(errorText(error))
    }
  }

  sortHead(places.head, (next) => {
    order = next
    sorted = sortItems(items, order)
    draw()
  })
  places.reset.addEventListener('click', () => filter.reset())
  places.clear.addEventListener('click', () => places.dialog.showModal())
  places.cancel.addEventListener('click', () => places.dialog.close())
  places.confirm.addEventListener('click', () => {
    places.dialog.close()
    void clear()
  })
  return { load, shown: () => (isWhole ? matching : null) }
}

/** The newest items, and of those that were there before the ones that are older still. */
function mergedOnto(before: readonly LogItem[], newest: readonly LogItem[]): readonly LogItem[] {
  const last = newest.at(-1)
  return last === undefined ? before : [...newest, ...before.filter(({ entry }) => entry.at < last.entry.at)]
}

function countText(matching: number, total: number, filtered: boolean): string {
  if (total === 0) return ''
  if (filtered) return t('logCountFiltered', formatNumber(matching), formatNumber(total))
  return tCount('logCount', total, formatNumber(total))
}

function emptyMessage(matching: number, total: number, reset: () => void): HTMLElement[] {
  if (matching > 0) return []
  if (total === 0) {
    return [
      h('div', { class: 'empty card' }, h('h3', {}, t('logEmptyTitle')), h('p', { class: 'muted' }, t('logEmptyText'))),
    ]
  }
  const button = h('button', { type: 'button', onclick: reset }, t('logNoMatchReset'))
  return [h('div', { class: 'empty card' }, h('h3', {}, t('logNoMatchTitle')), h('div', { class: 'buttons' }, button))]
}
