/**
 * The digests of the log's days, stored beside its entries. A write deletes the digest of its day in the same transaction, so a
 * stored digest is never out of date. The page that sorts and searches makes those that are missing.
 */
import type { IDBPDatabase } from 'idb'
import type { LogDigest } from '../domain/log-digest'
import { columnsOf, dayOf, startOfDay } from '../domain/log-digest'
import type { LogEntry } from '../domain/log-entry'
import { isDigest } from './digest-shape'
import type { LogSchema } from './log-database'

type Database = IDBPDatabase<LogSchema>
type Key = LogSchema['digests']['key']

interface Digests {
  delete(key: Key | IDBKeyRange): Promise<void>
}
/** The log's index by time. */
interface Counts {
  count(range: IDBKeyRange): Promise<number>
}
interface Times {
  openKeyCursor(range: IDBKeyRange): Promise<TimeCursor | null>
}
interface TimeCursor {
  readonly key: number
  continue(key: number): Promise<TimeCursor | null>
}

/** Lists come after every number and text. */
const LAST: IDBValidKey = []

/** Deletes the digest of the day of a write, which is now out of date. */
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
  times: Counts,
): Promise<void> {
  for (const key of await digests.getAllKeys()) await dropIfWrong(digests, times, key)
}

async function dropIfWrong(digests: Digests, times: Counts, key: Key): Promise<void> {
  const [day, count] = key
  if (count === 0 || count !== (await times.count(rangeOfDay(day)))) await digests.delete(key)
}

/** Leaves the entries that can be read. */
type Readable = (entries: readonly LogEntry[]) => readonly LogEntry[]

/**
 * A digest of each day that has entries, newest first. Those that are missing are made, a day at a time.
 * @param known what it returned before: digests that are still up to date are not read again.
 */
export async function readDigests(
  database: Database,
  known: readonly LogDigest[],
  readable: Readable,
): Promise<readonly LogDigest[]> {
  const { digests, missing } = await storedDigests(database, known)
  for (const day of missing) digests.push(await makeDigest(database, day, readable))
  if (known.length === 0 && digests.length > 0 && (await isDoubtful(database))) {
    await dropWrong(database, digests)
    return readDigests(database, digests, readable)
  }
  return digests.sort((a, b) => b.day - a.day)
}

/** Checks one day in each transaction, so that writes need not wait for all of them. */
async function dropWrong(database: Database, digests: readonly LogDigest[]): Promise<void> {
  for (const { day, count, made } of digests) {
    const transaction = database.transaction(['entries', 'digests'], 'readwrite')
    const times = transaction.objectStore('entries').index('at')
    await dropIfWrong(transaction.objectStore('digests'), times, [day, count, made])
    await transaction.done
  }
}

/** The digests that can be used, and the days that lack one. Of those that are known, only the key is read. */
async function storedDigests(
  database: Database,
  known: readonly LogDigest[],
): Promise<{ digests: LogDigest[]; missing: readonly number[] }> {
  const names = new Map(known.map((digest) => [digest.made, digest]))
  const transaction = database.transaction(['entries', 'digests'])
  const store = transaction.objectStore('digests')
  const keys = await store.getAllKeys()
  const digests: LogDigest[] = []
  const usableKeys: Key[] = []
  // One after the other: all at once would hold up what somebody asks for meanwhile.
  for (const key of keys) {
    const digest = names.get(key[2]) ?? usable(await store.get(key))
    if (digest === undefined) continue
    digests.push(digest)
    usableKeys.push(key)
  }
  return { digests, missing: await daysBetween(transaction.objectStore('entries').index('at'), usableKeys) }
}

/** Whether the owners have another number of entries than the digests: an older version may have written some since. */
async function isDoubtful(database: Database): Promise<boolean> {
  const transaction = database.transaction(['entries', 'owners', 'digests'])
  const keys = await transaction.objectStore('digests').getAllKeys()
  const missing = await daysBetween(transaction.objectStore('entries').index('at'), keys)
  const owners = await transaction.objectStore('owners').getAll()
  const digested = keys.reduce((sum, [, count]) => sum + count, 0)
  // A write that came meanwhile has left its day without a digest.
  return missing.length === 0 && digested !== owners.reduce((sum, { count }) => sum + count, 0)
}

/**
 * The days that have entries, and no digest. Without a gap between the digests, it takes two requests.
 * @param keys of the digests, in their order.
 */
async function daysBetween(times: Times, keys: readonly Key[]): Promise<readonly number[]> {
  const ends = [...keys.map(([day]) => startOfDay(day)), Infinity]
  const gaps = [-Infinity, ...keys.map(([day]) => startOfDay(day + 1))].map(
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
async function makeDigest(database: Database, day: number, readable: Readable): Promise<LogDigest> {
  const transaction = database.transaction(['entries', 'digests'], 'readwrite')
  const store = transaction.objectStore('digests')
  // Another page may have made it meanwhile.
  const [made] = await store.getAll(keysOfDay(day))
  if (isDigest(made)) return made
  const entries = (await transaction.objectStore('entries').index('at').getAll(rangeOfDay(day))).reverse()
  const digest = { ...columnsOf(readable(entries)), day, count: entries.length, made: crypto.randomUUID() }
  // Where no space is left, it is made again the next time.
  const stored = [store.delete(keysOfDay(day)), store.put(digest), transaction.done]
  await Promise.all(stored).catch(() => undefined)
  return digest
}

const usable = (digest: LogDigest | undefined): LogDigest | undefined => (isDigest(digest) ? digest : undefined)

const keysOfDay = (day: number): IDBKeyRange => IDBKeyRange.bound([day], [day, LAST])

const rangeOfDay = (day: number): IDBKeyRange => rangeOf(startOfDay(day), startOfDay(day + 1))

/** From a time to another, which belongs to it only where nothing is after it. */
const rangeOf = (from: number, to: number): IDBKeyRange => IDBKeyRange.bound(from, to, false, to !== Infinity)
