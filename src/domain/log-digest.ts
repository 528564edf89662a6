/**
 * What the log is sorted and searched by: a digest of each day of it, which has the columns of its entries without their
 * timelines. It is derived from the entries alone, and can be made from them at any time.
 */
import { exposureSize } from './exposure'
import type { LogEntry } from './log-entry'

const DAY_MS = 24 * 60 * 60_000
/** The last day that a date can have. A damaged entry may have any time: it counts towards the first or the last day. */
const LAST_DAY = 100_000_000

/** Fields of an entry whose combinations repeat from entry to entry. Each text of an entry is made from those of one facet. */
export const FACETS = {
  agent: ['instance', 'agentName', 'username'],
  instance: ['instance'],
  machine: ['routingProfile', 'label'],
  state: ['stateBefore', 'outcome'],
  result: ['outcome', 'evidence', 'reason', 'would', 'target'],
  cause: ['cause'],
  error: ['error'],
} as const satisfies Readonly<Record<string, readonly (keyof LogEntry)[]>>

export type Facet = keyof typeof FACETS
/** The fields of a facet. Each entry has them. */
export type FacetValue<F extends Facet> = Pick<LogEntry, (typeof FACETS)[F][number]>

export const FACET_NAMES = Object.keys(FACETS) as readonly Facet[]

/** A facet of many entries: each value once, and the place of each entry's value among them. */
export interface FacetColumn<F extends Facet> {
  readonly values: readonly FacetValue<F>[]
  readonly places: readonly number[]
}

/** The columns of entries, in one order. */
export interface LogColumns {
  readonly ids: readonly string[]
  /** When their closes began, in ms since the epoch. */
  readonly times: readonly number[]
  /** In ms; null where that is not known. */
  readonly took: readonly (number | null)[]
  /** How long the exposure was, in ms: `Infinity` where it may be ongoing, null without one. */
  readonly exposures: readonly (number | null)[]
  readonly facets: { readonly [F in Facet]: FacetColumn<F> }
}

/** The columns of the entries of one day that can be read, newest first. */
export interface LogDigest extends LogColumns {
  /** The day (UTC), in days since the epoch. */
  readonly day: number
  /** How many entries the day has, with those that cannot be read. */
  readonly count: number
  /** A random name: a digest that is made again has another. */
  readonly made: string
}

/** The day of a time, in days since the epoch. */
export function dayOf(at: number): number {
  // Of whole milliseconds: a fraction below midnight would round up to the next day.
  return Math.min(LAST_DAY, Math.max(-LAST_DAY, Math.floor(Math.floor(at) / DAY_MS)))
}

/** When a day begins, in ms since the epoch: the first at `-Infinity`, and the one after the last at `Infinity`. */
export function startOfDay(day: number): number {
  if (day <= -LAST_DAY) return -Infinity
  return day > LAST_DAY ? Infinity : day * DAY_MS
}

/**
 * The columns of entries.
 * @param entries in the order that the columns are to have.
 */
export function columnsOf(entries: readonly LogEntry[]): LogColumns {
  return {
    ids: entries.map(({ id }) => id),
    times: entries.map(({ at }) => at),
    // Entries of older versions may lack either, whatever their type says.
    took: entries.map(({ tookMs }) => (typeof tookMs === 'number' ? tookMs : null)),
    exposures: entries.map(({ exposure }) => exposureSize(exposure)),
    facets: {
      agent: facetOf(entries, 'agent'),
      instance: facetOf(entries, 'instance'),
      machine: facetOf(entries, 'machine'),
      state: facetOf(entries.map(withBareState), 'state'),
      result: facetOf(entries, 'result'),
      cause: facetOf(entries, 'cause'),
      error: facetOf(entries, 'error'),
    },
  }
}

/** The columns of several digests, one after the other. */
export function joinColumns(parts: readonly LogColumns[]): LogColumns {
  return {
    ids: parts.flatMap(({ ids }) => ids),
    times: parts.flatMap(({ times }) => times),
    took: parts.flatMap(({ took }) => took),
    exposures: parts.flatMap(({ exposures }) => exposures),
    facets: {
      agent: joinFacet(parts, 'agent'),
      instance: joinFacet(parts, 'instance'),
      machine: joinFacet(parts, 'machine'),
      state: joinFacet(parts, 'state'),
      result: joinFacet(parts, 'result'),
      cause: joinFacet(parts, 'cause'),
      error: joinFacet(parts, 'error'),
    },
  }
}

/** A state as agents know it: since when they are in it would be another value in each entry. */
function withBareState(entry: LogEntry): LogEntry {
  const { name, type } = entry.stateBefore
  return { ...entry, stateBefore: { name, type, arn: null, startTimestamp: null } }
}

function facetOf<F extends Facet>(entries: readonly LogEntry[], facet: F): FacetColumn<F> {
  const column = growing<F>()
  const places = entries.map((entry) => {
    const fields = FACETS[facet].map((field) => [field, entry[field]] as const)
    return column.placeOf(Object.fromEntries(fields) as FacetValue<F>)
  })
  return { values: column.values, places }
}

function joinFacet<F extends Facet>(parts: readonly LogColumns[], facet: F): FacetColumn<F> {
  const column = growing<F>()
  const places = parts.flatMap(({ facets }) => {
    const part: FacetColumn<F> = facets[facet]
    const known = part.values.map((value) => column.placeOf(value))
    return part.places.map((place) => known[place] ?? 0)
  })
  return { values: column.values, places }
}

/** Keeps each value once. */
function growing<F extends Facet>(): { values: FacetValue<F>[]; placeOf(value: FacetValue<F>): number } {
  const values: FacetValue<F>[] = []
  const known = new Map<string, number>()
  return {
    values,
    placeOf: (value) => {
      const key = JSON.stringify(value)
      const place = known.get(key) ?? values.length
      if (place === values.length) {
        known.set(key, place)
        values.push(value)
      }
      return place
    },
  }
}
