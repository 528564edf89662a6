import type { Outcome } from '../../domain/log-entry'
import { locale, t } from '../../ui/i18n'
import { evidenceText } from '../../ui/log-words'
import { CAUSES, OUTCOMES } from '../../ui/words'
import type { LogItem } from './items'

/** What each column sorts by: numbers as they are, texts as the language has it; null is at the end either way. */
const VALUES = {
  when: ({ entry }: LogItem) => entry.at,
  agent: ({ who }: LogItem) => who,
  instance: ({ entry }: LogItem) => entry.instance,
  state: ({ entry }: LogItem) => entry.stateBefore.name || null,
  outcome: ({ entry }: LogItem) => OUTCOME_ORDER.indexOf(entry.outcome),
  evidence: ({ entry }: LogItem) => evidenceText(entry),
  cause: ({ entry }: LogItem) => t(CAUSES[entry.cause]),
  took: ({ entry }: LogItem) => entry.tookMs,
} as const satisfies Record<string, (item: LogItem) => string | number | null>

/** As they are listed everywhere: from what is well to what is not. */
const OUTCOME_ORDER = Object.keys(OUTCOMES) as Outcome[]

export type SortColumn = keyof typeof VALUES

export interface Order {
  readonly column: SortColumn
  readonly descending: boolean
}

/** The order in which the log is read. */
export const NEWEST_FIRST: Order = { column: 'when', descending: true }

/**
 * The items in an order; what is equal stays newest first.
 * @param items newest first.
 */
export function sortItems(items: readonly LogItem[], { column, descending }: Order): readonly LogItem[] {
  if (column === 'when') return descending ? items : [...items].reverse()
  const ranks = ranksOf(items.map((item) => VALUES[column](item)))
  const sign = descending ? -1 : 1
  const places = items.map((item, place) => ({ item, place, rank: ranks[place] ?? null }))
  places.sort((a, b) => {
    if (a.rank === b.rank) return a.place - b.place
    if (a.rank === null) return 1
    return b.rank === null ? -1 : sign * (a.rank - b.rank)
  })
  return places.map(({ item }) => item)
}

/** Numbers that sort as the values do. Texts are compared once each: a log has many entries, and few agents. */
function ranksOf(values: readonly (string | number | null)[]): readonly (number | null)[] {
  const texts = [...new Set(values.filter((value) => typeof value === 'string'))]
  const ranks = new Map(
    texts.sort(new Intl.Collator(locale(), { numeric: true }).compare).map((text, rank) => [text, rank]),
  )
  return values.map((value) => (typeof value === 'string' ? (ranks.get(value) ?? null) : value))
}

/**
 * Lets the table's head choose the order. Each column that sorts is a `th[data-sort]` with a button.
 * @param changed is told the new order.
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
      // What is new, or took long, is looked for first; names from A on.
      const isNumber = column === 'when' || column === 'took'
      order = { column, descending: order.column === column ? !order.descending : isNumber }
      show(order)
      changed(order)
    })
  }
  show(order)
}
