import * as v from 'valibot'
import type { LogDigest } from '../domain/log-digest'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { amended, isSameClose } from '../domain/log-entry'
import { signalStored } from '../platform/stored-signal'
import { openLogDatabase } from './log-database'
import { dropDigest, dropWrongDigests, readDigests } from './log-digests'
import type { LogOwner } from './log-owners'
import { countEntry, recountOwners } from './log-owners'
import type { LogPage, LogPart, LogPosition, LogQuery } from './log-walk'
import { ALL_ENTRIES, readPage, shortestPart } from './log-walk'
import { makeRoom } from './make-room'
import { storedEntrySchema } from './stored-shapes'

export type { LogOwner } from './log-owners'
export type { LogPart, LogPosition, LogQuery } from './log-walk'
export { ALL_ENTRIES } from './log-walk'

/**
 * The log of closes, in IndexedDB: shared by the background, which writes it, and the options page, which shows it. An entry that
 * cannot be read is left out of every answer, and reported; it remains in the store, since a later version may read it.
 */
export interface LogStore {
  /** Writes an entry. An existing entry is never replaced: the same close again changes nothing. */
  put(entry: LogEntry): Promise<void>
  /** Amends an entry. A deleted entry stays deleted. */
  amend(amendment: Amendment): Promise<void>
  /** The entry of a close, or null. */
  get(id: string): Promise<LogEntry | null>
  /** The entries with these ids, in their order. Those that were deleted meanwhile are missing. */
  entriesOf(ids: readonly string[]): Promise<LogEntry[]>
  /**
   * A digest of each day that has entries, newest first. Those that are missing are made, a day at a time.
   * @param known what it returned before: digests that are still up to date are not read again.
   */
  digests(known: readonly LogDigest[]): Promise<readonly LogDigest[]>
  /** The newest entries, newest first. */
  newest(limit: number): Promise<LogEntry[]>
  /**
   * A page of entries: at least `limit` of them where there are so many and all can be read, and all of the same time as the
   * last. A page may be empty, and not be the last.
   * @param after `next` of the page before it; null for the first.
   */
  page(query: LogQuery, after: LogPosition | null, limit: number): Promise<LogPage>
  /** Which of several parts to read, where each has all wanted entries; null without any part. */
  shortest(parts: readonly LogPart[]): Promise<LogPart | null>
  /** The agents who have entries, and how many: in no order. */
  owners(): Promise<readonly LogOwner[]>
  clear(): Promise<void>
  /**
   * Deletes entries older than `before` (ms since the epoch), and of the rest those beyond `keep`: the oldest of the largest
   * user, by instance and then by agent. Resolves with how many were deleted.
   */
  prune(before: number, keep: number): Promise<number>
}

const PROBE_ID = 'self-test'

const isReadable = (entry: unknown): boolean => v.is(storedEntrySchema, entry)

/** In a signal: the log has entries that cannot be read. */
const DAMAGE = 'log.damaged'

/** Whether entries that cannot be read were found, by the keys of a signal. */
export function isLogDamageChange(keys: readonly string[]): boolean {
  return keys.includes(DAMAGE)
}

/** The entries that can be read. Others are reported. */
function readable(entries: readonly LogEntry[]): LogEntry[] {
  const whole = entries.filter(isReadable)
  if (whole.length < entries.length) void signalStored([DAMAGE])
  return whole
}

/** Writes an entry and deletes it again within one transaction, so that nobody sees it. Throws where nothing can be written. */
export async function checkLogStore(): Promise<void> {
  const database = await openLogDatabase()
  const transaction = database.transaction('entries', 'readwrite')
  await transaction.store.put({ id: PROBE_ID, at: 0 } as LogEntry)
  await transaction.store.delete(PROBE_ID)
  await transaction.done
  database.close()
}

export interface LogFigures {
  readonly count: number
  /** When the oldest entry's close began, in ms since the epoch, or null. */
  readonly oldest: number | null
  /** The approximate length of the entries as JSON, by the newest of them. */
  readonly bytes: number
}

/** How many entries are measured: all of them would take a second. */
const SAMPLE = 200

/** How much the log holds. */
export async function logFigures(): Promise<LogFigures> {
  const log = await openLog()
  const count = countOf(await log.owners())
  const [oldest] = (await log.page({ ...ALL_ENTRIES, oldestFirst: true }, null, 1)).entries
  const sample = await log.newest(SAMPLE)
  const bytes = new TextEncoder().encode(JSON.stringify(sample)).length
  return {
    count,
    oldest: oldest?.at ?? null,
    bytes: sample.length === 0 ? 0 : Math.round((bytes / sample.length) * count),
  }
}

/** How many entries they have together. */
export function countOf(owners: readonly LogOwner[]): number {
  return owners.reduce((sum, { count }) => sum + count, 0)
}

/** The next id of the same form: the same each time, so that a repeated entry finds its own again. */
function nextId(id: string): string {
  const tail = Number.parseInt(id.slice(-8), 16)
  return id.slice(0, -8) + ((Number.isNaN(tail) ? 0 : tail + 1) % 0x1_0000_0000).toString(16).padStart(8, '0')
}

/** Opens the log, and creates it if it does not exist. Throws where the browser has no storage left or refuses it. */
export async function openLog(): Promise<LogStore> {
  const database = await openLogDatabase()
  const writing = () => database.transaction(['entries', 'owners', 'digests'], 'readwrite')
  const page: LogStore['page'] = async (query, after, limit) => {
    const { entries, next } = await readPage(database, query, after, limit)
    return { entries: readable(entries), next }
  }
  return {
    put: async (entry) => {
      const transaction = writing()
      const entries = transaction.objectStore('entries')
      let { id } = entry
      let taken = await entries.get(id)
      // A page can use the id of any close: a finished entry does not change, and the other one gets an id of its own.
      while (taken !== undefined && !isSameClose(taken, entry)) {
        id = nextId(id)
        taken = await entries.get(id)
      }
      if (taken === undefined) {
        await entries.put({ ...entry, id })
        await countEntry(transaction.objectStore('owners'), entry)
        await dropDigest(transaction.objectStore('digests'), entry.at)
      }
      await transaction.done
    },
    amend: async (amendment) => {
      const transaction = writing()
      const entries = transaction.objectStore('entries')
      const entry = await entries.get(amendment.id)
      if (entry !== undefined && isReadable(entry)) {
        await entries.put(amended(entry, amendment))
        await dropDigest(transaction.objectStore('digests'), entry.at)
      }
      await transaction.done
    },
    get: async (id) => {
      const entry = await database.get('entries', id)
      return (entry && readable([entry])[0]) ?? null
    },
    entriesOf: async (ids) => {
      const { store } = database.transaction('entries')
      const found = await Promise.all(ids.map((id) => store.get(id)))
      return readable(found.filter((entry) => entry !== undefined))
    },
    digests: (known) => readDigests(database, known, readable),
    newest: async (limit) => {
      const found: LogEntry[] = []
      let next: LogPosition | null = null
      do {
        const read = await page(ALL_ENTRIES, next, limit - found.length)
        found.push(...read.entries)
        next = read.next
      } while (next !== null && found.length < limit)
      return found.slice(0, limit)
    },
    page,
    shortest: (parts) => shortestPart(database, parts),
    owners: () => database.getAll('owners'),
    clear: async () => {
      const transaction = writing()
      await transaction.objectStore('entries').clear()
      await transaction.objectStore('owners').clear()
      await transaction.objectStore('digests').clear()
      await transaction.done
    },
    prune: async (before, keep) => {
      const transaction = writing()
      const entries = transaction.objectStore('entries')
      const expired = await entries.index('at').getAllKeys(IDBKeyRange.upperBound(before, true))
      for (const id of expired) await entries.delete(id)
      const owner = entries.index('owner')
      const gone = await makeRoom(entries, owner, (await entries.count()) - keep)
      await recountOwners(transaction.objectStore('owners'), owner)
      await dropWrongDigests(transaction.objectStore('digests'), entries.index('at'))
      await transaction.done
      return expired.length + gone
    },
  }
}
