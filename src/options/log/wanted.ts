import type { Facet, FacetValue } from '../../domain/log-digest'
import { FACET_NAMES } from '../../domain/log-digest'
import type { LogEntry } from '../../domain/log-entry'
import type { LogPart } from '../../storage/log-store'
import { entryText } from './entry-text'
import type { TimeRange } from './times'

/** What entries must have in common. */
export type FacetTests = { readonly [F in Facet]?: (value: FacetValue<F>) => boolean }

/** The part of the log that matches a filter. */
export interface Wanted {
  readonly range: TimeRange
  /** Each of them has all entries that match. */
  readonly parts: readonly LogPart[]
  readonly facets: FacetTests
  /** Each of them is in the entry's text. In small letters, and without blanks. */
  readonly words: readonly string[]
}

export function matches({ range, facets, words }: Wanted, entry: LogEntry): boolean {
  if (entry.at < range.from || entry.at > range.to) return false
  if (!FACET_NAMES.every((facet) => facets[facet]?.(entry) ?? true)) return false
  if (words.length === 0) return true
  const text = entryText(entry)
  return words.every((word) => text.includes(word))
}

/** Whether there is no filter at all. */
export function isEverything({ range: { from, to }, facets, words }: Wanted): boolean {
  return from === -Infinity && to === Infinity && words.length === 0 && Object.keys(facets).length === 0
}
