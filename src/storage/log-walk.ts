/** Reads the log page by page, from its newest end or its oldest, so that nobody has to wait for all of it. */
import type { IDBPDatabase, IDBPIndex } from 'idb'
import type { LogEntry } from '../domain/log-entry'
import type { LogSchema } from './log-database'

/** Entries that have something in common, by an index of the log: a cause, say, or an agent (`[instance, username]`). */
export interface LogPart {
  readonly index: 'owner' | 'outcome' | 'cause' | 'would'
  readonly of: readonly string[]
}

/** Which entries are read, and in which order. */
export interface LogQuery {
  /** When their closes began, in ms since the epoch; both included. */
  readonly from: number
  readonly to: number
  readonly oldestFirst: boolean
  /** null: all of that time. */
  readonly part: LogPart | null
}

export const ALL_ENTRIES: LogQuery = { from: -Infinity, to: Infinity, oldestFirst: false, part: null }

/** Where the next page begins: a key of the index that is read. */
export type LogPosition = IDBValidKey

export interface LogPage {
  /** In the order of the query. */
  readonly entries: readonly LogEntry[]
  /** null at the end. */
  readonly next: LogPosition | null
}

type Indexes = 'at' | LogPart['index']
type Index = Pick<IDBPIndex<LogSchema, ['entries'], 'entries', Indexes>, 'openKeyCursor' | 'getAll'>
type Key = Parameters<Index['getAll']>[0]

/** Lists come after every number and text that an entry may have as its time, damaged or not. */
const LAST: IDBValidKey = []

function indexOf(database: IDBPDatabase<LogSchema>, part: LogPart | null): Index {
  return database.transaction('entries').store.index(part?.index ?? 'at')
}

/** A key of the index at a time; without an index of their own, entries are found by their time alone. */
const keyOf = (part: LogPart | null, at: IDBValidKey): IDBValidKey => (part === null ? at : [...part.of, at])

const timeOf = (at: number): IDBValidKey => (at === Infinity ? LAST : at)

/**
 * A page of at least `limit` entries, where there are as many, and of all with the same time as its last.
 * @param after the end of the page before it; null for the first.
 */
export async function readPage(
  database: IDBPDatabase<LogSchema>,
  { from, to, oldestFirst, part }: LogQuery,
  after: LogPosition | null,
  limit: number,
): Promise<LogPage> {
  const index = indexOf(database, part)
  const [lowest, highest] = [keyOf(part, from), keyOf(part, timeOf(to))]
  if (from > to) return { entries: [], next: null }
  const [lower, upper] = oldestFirst ? [after ?? lowest, highest] : [lowest, after ?? highest]
  const range = IDBKeyRange.bound(lower, upper, oldestFirst && after !== null, !oldestFirst && after !== null)
  // Reads only keys to find the page's end: one cursor step per entry would take seconds where there are many.
  const first = await index.openKeyCursor(range, oldestFirst ? 'next' : 'prev')
  if (first === null) return { entries: [], next: null }
  const start: IDBValidKey = first.key
  const last = limit > 1 ? await first.advance(limit - 1) : first
  const end: IDBValidKey = last?.key ?? (oldestFirst ? upper : lower)
  const page = oldestFirst ? IDBKeyRange.bound(start, end) : IDBKeyRange.bound(end, start)
  const found = await index.getAll(page)
  return { entries: oldestFirst ? found : found.reverse(), next: last === null ? null : end }
}

/** How many entries are read at once. */
const SHORT = 400

/**
 * Which of several parts to read, where each has all wanted entries: one that is known to be short, or the first; null without
 * any part. It takes no longer where the log is long.
 */
export async function shortestPart(
  database: IDBPDatabase<LogSchema>,
  parts: readonly LogPart[],
): Promise<LogPart | null> {
  const [first = null, ...others] = parts
  if (others.length === 0) return first
  for (const part of parts) {
    const range = IDBKeyRange.bound(keyOf(part, -Infinity), keyOf(part, LAST)) as Key
    const cursor = await indexOf(database, part).openKeyCursor(range)
    if (cursor === null || (await cursor.advance(SHORT)) === null) return part
  }
  return first
}
