import type { LogEntry } from '../../domain/log-entry'
import type { LogStore } from '../../storage/log-store'
import { countOf } from '../../storage/log-store'
import type { Ask } from '../../ui/ask'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import { t, tCount } from '../../ui/i18n'
import { onceMore } from '../../ui/once-more'
import { failure } from '../../ui/parts'
import { columnsReader } from './columns'
import type { FilterPlaces } from './filter'
import { logFilter } from './filter'
import { find } from './find'
import type { Found } from './reader'
import { logReader } from './reader'
import type { RowsPlaces } from './rows'
import { lazyRows } from './rows'
import { NEWEST_FIRST, sortHead } from './sort'

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
  /** Reads the log (again) as far as it is shown, and shows it. */
  load(): Promise<void>
  /** Whether anything is shown. */
  isEmpty(): boolean
  /** All entries that match the filter, a batch at a time: by time, the newest first unless the order is the other way. */
  matching(): AsyncGenerator<readonly LogEntry[], void, void>
}

/** The log as a table that is filtered and sorted. It is read only as far as somebody looks. */
export function logSection(
  places: LogPlaces,
  ask: Ask,
  openLog: () => Promise<LogStore>,
  changed: () => void = () => undefined,
): LogSection {
  let order = NEWEST_FIRST
  let total = 0
  let shown: readonly LogEntry[] = []
  const rows = lazyRows(places, () => void attempt(() => reader.goOn()))
  const columns = columnsReader()
  const reader = logReader((found) => draw(found), columns)
  const filter = logFilter(places, () => void look(0))

  const draw = (found: Found) => {
    ;({ shown } = found)
    rows.show(shown, found.hasMore)
    places.frame.hidden = shown.length === 0
    places.frame.ariaBusy = found.isLooking ? 'true' : null
    places.reset.hidden = !filter.isSet()
    places.clear.disabled = total === 0
    places.count.textContent = countText(found, total, filter.isSet())
    showMessage(emptyMessage(found, total, () => filter.reset()))
    changed()
  }
  // The same message stays: each letter of a search draws again, and a click needs its button until it is released.
  const showMessage = (view: HTMLElement | null) => {
    const { firstElementChild: shownView } = places.message
    if (view === null || !view.isEqualNode(shownView)) places.message.replaceChildren(...(view === null ? [] : [view]))
  }
  const attempt = async (read: () => Promise<void>) => {
    try {
      await read()
    } catch (error) {
      places.frame.ariaBusy = null
      fail(t('logUnreadable', errorText(error)))
    }
  }
  /** Searches again for matching entries, and shows at least this many. */
  const look = (atLeast: number) =>
    attempt(async () => {
      places.reset.hidden = !filter.isSet()
      const log = await openLog()
      const owners = await log.owners()
      total = countOf(owners)
      filter.offerAgents(owners)
      await reader.begin(log, filter.wanted(), order, atLeast)
      // The first sort or search needs them. It reports a failure; this only saves it the wait.
      if (!columns.isReady()) void columns.read(log).catch(() => undefined)
    })
  // Entries may come faster than they are read.
  const load = onceMore(() => look(shown.length))
  async function* matching(): AsyncGenerator<readonly LogEntry[], void, void> {
    const log = await openLog()
    const oldestFirst = order.column === 'when' && !order.descending
    for await (const { entries } of find(log, filter.wanted(), oldestFirst)) yield entries
  }
  const fail = (text: string) => places.message.replaceChildren(failure(text, () => void load()))
  const clear = async () => {
    try {
      await ask('clear_log')
      await load()
      places.count.textContent = t('logCleared')
      // The button that had the focus is now disabled.
      places.search.focus()
    } catch (error) {
      fail(errorText(error))
    }
  }

  sortHead(places.head, (next) => {
    order = next
    void look(0)
  })
  places.reset.addEventListener('click', () => filter.reset())
  places.clear.addEventListener('click', () => places.dialog.showModal())
  places.cancel.addEventListener('click', () => places.dialog.close())
  places.confirm.addEventListener('click', () => {
    places.dialog.close()
    void clear()
  })
  return { load, isEmpty: () => shown.length === 0, matching }
}

function countText({ count, isWhole, isLooking }: Found, total: number, isFiltered: boolean): string {
  if (total === 0) return ''
  if (isLooking) return t('logLooking', formatNumber(total))
  const shown = formatNumber(count)
  const all = formatNumber(total)
  if (!isFiltered) return tCount('logCount', total, all)
  return t(isWhole ? 'logCountFiltered' : 'logCountAtLeast', shown, all)
}

function emptyMessage({ count, isLooking }: Found, total: number, reset: () => void): HTMLElement | null {
  if (count > 0 || isLooking) return null
  if (total === 0) {
    return h(
      'div',
      { class: 'empty card' },
      h('h3', {}, t('logEmptyTitle')),
      h('p', { class: 'muted' }, t('logEmptyText')),
    )
  }
  const button = h('button', { type: 'button', onclick: reset }, t('logNoMatchReset'))
  return h('div', { class: 'empty card' }, h('h3', {}, t('logNoMatchTitle')), h('div', { class: 'buttons' }, button))
}
