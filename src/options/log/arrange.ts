/** Filters, searches and sorts the whole log by its columns: no entry is read for it. */
import type { Facet, FacetColumn, FacetValue, LogColumns } from '../../domain/log-digest'
import { FACET_NAMES } from '../../domain/log-digest'
import { dateTest } from './date-words'
import { facetText } from './entry-text'
import type { Order } from './sort'
import { sortPlaces } from './sort'
import type { Wanted } from './wanted'

/** Whether the entry at a place is wanted. */
type Test = (place: number) => boolean

/** The ids of all entries that match, in an order. */
export function arrange(columns: LogColumns, wanted: Wanted, order: Order): readonly string[] {
  const { ids } = columns
  const tests = testsOf(columns, wanted)
  const places = [...ids.keys()].filter((place) => tests.every((test) => test(place)))
  return sortPlaces(places, columns, order).map((place) => ids[place] ?? '')
}

function testsOf(columns: LogColumns, { range: { from, to }, facets, words }: Wanted): readonly Test[] {
  const { times } = columns
  const isInRange: Test = (place) => {
    const at = times[place] ?? NaN
    return at >= from && at <= to
  }
  return [
    ...(from === -Infinity && to === Infinity ? [] : [isInRange]),
    ...FACET_NAMES.flatMap((facet) => {
      const test = facets[facet]
      return test === undefined ? [] : [byValue(columns, facet, test)]
    }),
    ...words.map((word) => wordTest(columns, word)),
  ]
}

/** Looks at each value of a facet only once. */
function byValue<F extends Facet>({ facets }: LogColumns, facet: F, isWanted: (value: FacetValue<F>) => boolean): Test {
  const { values, places }: FacetColumn<F> = facets[facet]
  const passes = values.map(isWanted)
  return (place) => passes[places[place] ?? -1] ?? false
}

/** Whether the word is in any text of an entry: in that of a facet, in its id, or in its date. */
function wordTest(columns: LogColumns, word: string): Test {
  const { ids, times } = columns
  const inFacet = FACET_NAMES.map((facet) => byValue(columns, facet, (value) => facetText(facet, value).includes(word)))
  const isInDate = dateTest(word)
  // Most words are in no id: to look through all of them at once takes milliseconds.
  const isInId: Test = allIdsOf(columns).includes(word)
    ? (place) => (ids[place] ?? '').toLowerCase().includes(word)
    : () => false
  return (place) => inFacet.some((test) => test(place)) || isInId(place) || (isInDate?.(times[place] ?? NaN) ?? false)
}

const allIds = new WeakMap<LogColumns, string>()

/** All ids in one text, in small letters. */
function allIdsOf(columns: LogColumns): string {
  const known = allIds.get(columns) ?? columns.ids.join('\n').toLowerCase()
  allIds.set(columns, known)
  return known
}
