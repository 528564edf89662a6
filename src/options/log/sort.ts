import type { Exposure } from '../../domain/exposure'
import type { LogEntry } from '../../domain/log-entry'
import { statusText } from '../../ui/status-text'
import { locale, t } from '../../ui/i18n'
import { evidenceText } from '../../ui/log-words'
import type { ShownOutcome } from '../../ui/words'
import { CAUSES, OUTCOMES, shownOutcome } from '../../ui/words'
import { whoOf } from './who'

/** What each column sorts by: numbers by size, texts by the rules of the language; null always comes last. */
const VALUES = {
  when: ({ at }: LogEntry) => at,
  agent: whoOf,
  instance: ({ instance }: LogEntry) => instance,
  state: ({ outcome, stateBefore }: LogEntry) => (outcome === 'unprotected' ? null : statusText(stateBefore)),
  outcome: (entry: LogEntry) => OUTCOME_ORDER.indexOf(shownOutcome(entry)),
  evidence: evidenceText,
  cause: ({ cause }: LogEntry) => t(CAUSES[cause]),
  took: ({ outcome, tookMs }: LogEntry) => (outcome === 'not_needed' ? null : tookMs),
  exposure: ({ exposure }: LogEntry) => exposureSize(exposure),
} as const satisfies Record<string, (entry: LogEntry) => string | number | null>

/** An exposure that may be ongoing counts as longest. Entries of older versions have none, whatever their type says. */
function exposureSize(exposure: Exposure | null | undefined): number | null {
  if (!exposure) return null
  return exposure.until === null || exposure.certainty === 'open' ? Infinity : exposure.until - exposure.from
}

/** The order in which outcomes are listed everywhere: from good to bad. */
const OUTCOME_ORDER = Object.keys(OUTCOMES) as ShownOutcome[]

export type SortColumn = keyof typeof VALUES

export interface Order {
  readonly column: SortColumn
  readonly descending: boolean
}

/** The order in which the log is read. */
export const NEWEST_FIRST: Order = { column: 'when', descending: true }

/** The log has an order by time alone: by another column, this many of the newest matching entries are sorted. */
export const SORTED_AT_MOST = 1_000

/**
 * Entries in an order; equal ones stay newest first.
 * @param entries newest first; where the order is by time, in that order already.
 */
export function sortEntries(entries: readonly LogEntry[], { column, descending }: Order): readonly LogEntry[] {
  if (column === 'when') return entries
  const ranks = ranksOf(entries.map((entry) => VALUES[column](entry)))
  const sign = descending ? -1 : 1
  const places = entries.map((entry, place) => ({ entry, place, rank: ranks[place] ?? null }))
  places.sort((a, b) => {
    if (a.rank === b.rank) return a.place - b.place
    if (a.rank === null) return 1
    return b.rank === null ? -1 : sign * (a.rank - b.rank)
  })
  return places.map(({ entry }) => entry)
}

/** Gives each value a number to sort by. Each text is compared only once: a log has many entries, and few agents. */
function ranksOf(values: readonly (string | number | null)[]): readonly (number | null)[] {
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))]
  const ranks = new Map(
    texts.sort(new Intl.Collator(locale(), { numeric: true }).compare).map((text, rank) => [text, rank]),
  )
  return values.map((value) => (typeof value === 'string' ? (ranks.get(value) ?? null) : value))
}

/**
 * Lets people sort by the table's heads. Each column that can be sorted is a `th[data-sort]` with a button.
 * @param changed is called with the new order.
 */
export function sortHead(head: HTMLElement, changed: (order: Order) => void): void {
  const columns = [...head.querySelectorAll<HTMLElement>('th[data-sort]')]
  const show = ({ column, descending }: Order) => {
    for (const each of columns) {
      if (each.dataset['sort'] === column) each.ariaSort = descending ? 'descending' : 'ascending'
      else each.ariaSort = null
    }
  }
  let order = NEWEST_FIRST
  for (const each of columns) {
    const column = Object.keys(VALUES).find((name): name is SortColumn => name === each.dataset['sort'])
    if (column === undefined) throw new Error(`The log cannot be sorted by ${each.dataset['sort'] ?? ''}`)
    each.querySelector('button')?.addEventListener('click', () => {
      // The newest, the longest and the largest first; names from A on.
      const isNumber = column === 'when' || column === 'took' || column === 'exposure'
      order = { column, descending: order.column === column ? !order.descending : isNumber }
      show(order)
      changed(order)
    })
  }
  show(order)
}
