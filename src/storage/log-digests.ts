/**
 * The digests of the log's days, stored beside its entries. A write deletes the digest of its day in the same transaction, so that
 * one that is there is true. The page that sorts and searches makes those that are missing.
 */
import type { IDBPDatabase } from 'idb'
import type { LogDigest } from '../domain/log-digest'
import { columnsOf, dayOf, startOfDay } from '../domain/log-digest'
import type { LogEntry } from '../domain/log-entry'
import type { LogSchema } from './log-database'

type Database = IDBPDatabase<LogSchema>
type Key = LogSchema['digests']['key']

interface Digests {
  delete(key: Key | IDBKeyRange): Promise<void>
}
/** The log's index by time. */
interface Times {
  openKeyCursor(range: IDBKeyRange): Promise<TimeCursor | null>
}
interface TimeCursor {
  readonly key: number
  continue(key: number): Promise<TimeCursor | null>
}

/** Lists come after every number and text. */
const LAST: IDBValidKey = []

/** Deletes the digest of a time's day, which is no longer true. */
export async function dropDigest(digests: Digests, at: number): Promise<void> {
  const day = dayOf(at)
  // A damaged entry may be of no time, and is of no day then.
  if (!Number.isNaN(day)) await digests.delete(keysOfDay(day))
}

/**
 * Deletes digests that have another number of entries than their days: entries were deleted, or written by an older version, which
 * knows no digests.
 */
export async function dropWrongDigests(
  digests: Digests & { getAllKeys(): Promise<Key[]> },
  times: { count(range: IDBKeyRange): Promise<number> },
): Promise<void> {
  for (const key of await digests.getAllKeys()) {
    const [day, count] = key
    if (count === 0 || count !== (await times.count(rangeOfDay(day)))) await digests.delete(key)
  }
}

/**
 * A digest of each day that has entries, newest first. Those that are missing are made, a day at a time.
 * @param known what it returned before: of these, what is still true is not read again.
 * @param readable leaves the entries that can be read.
 */
export async function readDigests(
  database: Database,
  known: readonly LogDigest[],
  readable: (entries: readonly LogEntry[]) => readonly LogEntry[],
): Promise<readonly LogDigest[]> {
  const { digests, missing } = await storedDigests(database, known)
  for (const day of missing) digests.push(await makeDigest(database, day, readable))
  if (known.length === 0 && digests.length > 0 && !(await isWhole(database, digests))) {
    const transaction = database.transaction(['entries', 'digests'], 'readwrite')
    await dropWrongDigests(transaction.objectStore('digests'), transaction.objectStore('entries').index('at'))
    await transaction.done
    return readDigests(database, digests, readable)
  }
  return digests.sort((a, b) => b.day - a.day)
}

/** The digests that are there, and the days that lack one. Of those that are known, only the key is read. */
async function storedDigests(
  database: Database,
  known: readonly LogDigest[],
): Promise<{ digests: LogDigest[]; missing: readonly number[] }> {
  const names = new Map(known.map((digest) => [digest.made, digest]))
  const transaction = database.transaction(['entries', 'digests'])
  const store = transaction.objectStore('digests')
  const keys = await store.getAllKeys()
  const found = await Promise.all(keys.map(async (key) => names.get(key[2]) ?? store.get(key)))
  const digests = found.filter((digest) => digest !== undefined)
  const days = digests.map(({ day }) => day).sort((a, b) => a - b)
  return { digests, missing: await daysBetween(transaction.objectStore('entries').index('at'), days) }
}

/** The days that have entries, but for those that are known. Without a gap between these, it takes two requests. */
async function daysBetween(times: Times, known: readonly number[]): Promise<readonly number[]> {
  const ends = [...known.map(startOfDay), Infinity]
  const gaps = [-Infinity, ...known.map((day) => startOfDay(day + 1))].map(
    (from, nth) => [from, ends[nth] ?? from] as const,
  )
  const found = await Promise.all(
    gaps.filter(([from, to]) => from < to).map(([from, to]) => daysOf(times, rangeOf(from, to))),
  )
  return found.flat()
}

/** The days of a range that have entries: one step for each of them, and none for an entry. */
async function daysOf(times: Times, range: IDBKeyRange): Promise<readonly number[]> {
  const days: number[] = []
  let cursor = await times.openKeyCursor(range)
  while (cursor !== null) {
    const day = dayOf(cursor.key)
    days.push(day)
    const next = startOfDay(day + 1)
    cursor = next > cursor.key ? await cursor.continue(next) : null
  }
  return days
}

/** Reads a day, in the transaction that stores its digest: no write comes in between. */
async function makeDigest(
  database: Database,
  day: number,
  readable: (entries: readonly LogEntry[]) => readonly LogEntry[],
): Promise<LogDigest> {
  const transaction = database.transaction(['entries', 'digests'], 'readwrite')
  const store = transaction.objectStore('digests')
  // Another page may have made it meanwhile.
  const [made] = await store.getAll(keysOfDay(day))
  if (made !== undefined) return made
  const entries = (await transaction.objectStore('entries').index('at').getAll(rangeOfDay(day))).reverse()
  const digest = { ...columnsOf(readable(entries)), day, count: entries.length, made: crypto.randomUUID() }
  // Where no space is left, it is made again the next time.
  await Promise.all([store.put(digest), transaction.done]).catch(() => undefined)
  return digest
}

/** Whether they have as many entries as the log's owners. The count is off where an older version has written since. */
async function isWhole(database: Database, digests: readonly LogDigest[]): Promise<boolean> {
  const sum = (counts: readonly { readonly count: number }[]) => counts.reduce((all, { count }) => all + count, 0)
  return sum(digests) === sum(await database.getAll('owners'))
}

const keysOfDay = (day: number): IDBKeyRange => IDBKeyRange.bound([day], [day, LAST])

const rangeOfDay = (day: number): IDBKeyRange => rangeOf(startOfDay(day), startOfDay(day + 1))

/** From a time to another, which belongs to it only where nothing is after it. */
const rangeOf = (from: number, to: number): IDBKeyRange => IDBKeyRange.bound(from, to, false, to !== Infinity)
