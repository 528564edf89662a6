import type { DBSchema, IDBPDatabase } from 'idb'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { amended } from '../domain/log-entry'
import { openDatabase } from './open-database'

interface LogSchema extends DBSchema {
  entries: { key: string; value: LogEntry; indexes: { at: number } }
}

/** The log of closes, in IndexedDB: shared by the background, which writes it, and the options page, which shows it. */
export interface LogStore {
  /** Writes an entry; writing the same close again replaces it, so that there is one entry a close. */
  put(entry: LogEntry): Promise<void>
  /** Adds to an entry what became known later. One that has been deleted stays so. */
  amend(amendment: Amendment): Promise<void>
  /** The entry of a close; null where there is none. */
  get(id: string): Promise<LogEntry | null>
  /** The newest entries, newest first. */
  newest(limit: number): Promise<LogEntry[]>
  /**
   * The newest entries older than `before` (ms since the epoch; null for the newest of all), newest first: at least
   * `limit` of them where there are so many, and all of the same time as the last, so that the time of the last is where
   * the next batch begins. Empty at the end.
   */
  batch(before: number | null, limit: number): Promise<LogEntry[]>
  clear(): Promise<void>
  /**
   * Deletes what is older than `before` (ms since the epoch), and of the rest the oldest beyond `keep` entries; answers
   * how many went.
   */
  prune(before: number, keep: number): Promise<number>
}

const NAME = 'ccp-signoff-log'
const VERSION = 1
const PROBE_ID = 'self-test'

const open = (): Promise<IDBPDatabase<LogSchema>> =>
  openDatabase<LogSchema>(NAME, VERSION, (database) => {
    database.createObjectStore('entries', { keyPath: 'id' }).createIndex('at', 'at')
  })

/** Writes an entry and takes it away again, unseen: both within one transaction. Throws where nothing can be written. */
export async function checkLogStore(): Promise<void> {
  const database = await open()
  const transaction = database.transaction('entries', 'readwrite')
  await transaction.store.put({ id: PROBE_ID, at: 0 } as LogEntry)
  await transaction.store.delete(PROBE_ID)
  await transaction.done
  database.close()
}

/** All entries, the oldest first. */
export async function readEntries(): Promise<LogEntry[]> {
  const database = await open()
  const entries = await database.getAllFromIndex('entries', 'at')
  database.close()
  return entries
}

export interface LogFigures {
  readonly count: number
  /** When the oldest entry's close began, in ms since the epoch; null where there is none. */
  readonly oldest: number | null
  /** About how long the entries are as JSON, by the newest of them. */
  readonly bytes: number
}

/** So many entries are looked at to know how long they are: all of them would take a second. */
const SAMPLE = 200

/** How much the log holds. */
export async function logFigures(): Promise<LogFigures> {
  const database = await open()
  const count = await database.count('entries')
  const oldest = await database.transaction('entries').store.index('at').openKeyCursor()
  database.close()
  const sample = await (await openLog()).newest(SAMPLE)
  const bytes = new TextEncoder().encode(JSON.stringify(sample)).length
  return {
    count,
    oldest: typeof oldest?.key === 'number' ? oldest.key : null,
    bytes: sample.length === 0 ? 0 : Math.round((bytes / sample.length) * count),
  }
}

/** Opens the log, and makes it where there is none. Throws where the browser has no storage left or refuses it. */
export async function openLog(): Promise<LogStore> {
  const database = await open()
  return {
    put: async (entry) => {
      await database.put('entries', entry)
    },
    amend: async (amendment) => {
      const transaction = database.transaction('entries', 'readwrite')
      const entry = await transaction.store.get(amendment.id)
      if (entry !== undefined) await transaction.store.put(amended(entry, amendment))
      await transaction.done
    },
    get: async (id) => (await database.get('entries', id)) ?? null,
    newest: async (limit) => {
      const found: LogEntry[] = []
      let cursor = await database.transaction('entries').store.index('at').openCursor(null, 'prev')
      while (cursor && found.length < limit) {
        found.push(cursor.value)
        cursor = await cursor.continue()
      }
      return found
    },
    batch: async (before, limit) => {
      const index = database.transaction('entries').store.index('at')
      const newer = before === null ? null : IDBKeyRange.upperBound(before, true)
      // Keys alone to find where it begins: one cursor step for each entry takes seconds where there are many.
      const first = await index.openKeyCursor(newer, 'prev')
      if (first === null) return []
      const newest = first.key
      const last = limit > 1 ? await first.advance(limit - 1) : first
      const oldest = last === null ? -Infinity : last.key
      return (await index.getAll(IDBKeyRange.bound(oldest, newest))).reverse()
    },
    clear: () => database.clear('entries'),
    prune: async (before, keep) => {
      const transaction = database.transaction('entries', 'readwrite')
      const index = transaction.store.index('at')
      const expired = await index.count(IDBKeyRange.upperBound(before, true))
      const gone = Math.max(expired, (await transaction.store.count()) - keep)
      let cursor = gone > 0 ? await index.openCursor() : null
      for (let left = gone; cursor && left > 0; left -= 1) {
        await cursor.delete()
        cursor = await cursor.continue()
      }
      await transaction.done
      return Math.max(0, gone)
    },
  }
}
