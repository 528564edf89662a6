import type { Facet, FacetValue, LogColumns } from '../../domain/log-digest'
import { statusText } from '../../ui/status-text'
import { locale, t } from '../../ui/i18n'
import { evidenceText } from '../../ui/log-words'
import type { ShownOutcome } from '../../ui/words'
import { CAUSES, OUTCOMES, shownOutcome } from '../../ui/words'
import { whoOf } from './who'

type Value = string | number | null
/** A number for each entry. */
type Values = (columns: LogColumns) => readonly (number | null)[]

/** What each column sorts by: numbers by size, texts by the rules of the language; null always comes last. */
const VALUES = {
  when: ({ times }) => times,
  agent: byFacet('agent', whoOf),
  instance: byFacet('instance', ({ instance }) => instance),
  state: byFacet('state', ({ outcome, stateBefore }) => (outcome === 'unprotected' ? null : statusText(stateBefore))),
  outcome: byFacet('result', (value) => OUTCOME_ORDER.indexOf(shownOutcome(value))),
  evidence: byFacet('result', evidenceText),
  cause: byFacet('cause', ({ cause }) => t(CAUSES[cause])),
  took: ({ took, facets: { result } }) => {
    const isTimed = result.values.map(({ outcome }) => outcome !== 'not_needed')
    return took.map((ms, nth) => (isTimed[result.places[nth] ?? 0] ? ms : null))
  },
  exposure: ({ exposures }) => exposures,
} as const satisfies Record<string, Values>

/** Looks at each value of a facet only once: a log has many entries, and few agents. */
function byFacet<F extends Facet>(facet: F, valueOf: (value: FacetValue<F>) => Value): Values {
  return ({ facets }) => {
    const { values, places } = facets[facet]
    const ranks = ranksOf(values.map(valueOf))
    return places.map((place) => ranks[place] ?? null)
  }
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

/**
 * Places in an order; equal ones stay newest first.
 * @param places some of the columns' entries, newest first.
 */
export function sortPlaces(
  places: readonly number[],
  columns: LogColumns,
  { column, descending }: Order,
): readonly number[] {
  if (column === 'when') return descending ? places : [...places].reverse()
  const values = VALUES[column](columns)
  return byRank(places, (place) => values[place] ?? null, descending)
}

/** Sorts the values alone, and counts the places of each: a comparison for each place would take too long in Firefox. */
function byRank(
  places: readonly number[],
  valueOf: (place: number) => number | null,
  descending: boolean,
): readonly number[] {
  const own = places.map(valueOf)
  const distinct = Float64Array.from(new Set(own.filter((value) => value !== null))).sort()
  if (descending) distinct.reverse()
  const ranks = new Map([...distinct].map((value, rank) => [value, rank]))
  const rankOf = (value: number | null): number => (value === null ? distinct.length : (ranks.get(value) ?? 0))
  /** Where the next place of each rank goes. */
  const next = new Uint32Array(distinct.length + 2)
  for (const value of own) next[rankOf(value) + 1] = (next[rankOf(value) + 1] ?? 0) + 1
  for (let rank = 1; rank < next.length; rank += 1) next[rank] = (next[rank] ?? 0) + (next[rank - 1] ?? 0)
  const sorted = new Array<number>(places.length)
  places.forEach((place, nth) => {
    const rank = rankOf(own[nth] ?? null)
    const at = next[rank] ?? 0
    sorted[at] = place
    next[rank] = at + 1
  })
  return sorted
}

/** Gives each value a number to sort by: each text is compared only once. */
function ranksOf(values: readonly Value[]): readonly (number | null)[] {
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
