/** The database of the log: its stores, its indexes, and how those of an older version are upgraded. */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { LogDigest } from '../domain/log-digest'
import type { LogEntry } from '../domain/log-entry'
import { recountOwners } from './log-owners'
import type { LogOwner } from './log-owners'
import { openDatabase } from './open-database'

export interface LogSchema extends DBSchema {
  entries: {
    key: string
    value: LogEntry
    indexes: {
      at: number
      owner: [string, string, number]
      outcome: [string, number]
      cause: [string, number]
      /** Only observed closes are in it. */
      would: [string, number]
    }
  }
  owners: { key: [string, string]; value: LogOwner }
  /** By `[day, count, made]`: what a day has is known by the key alone. */
  digests: { key: [number, number, string]; value: LogDigest }
}

const NAME = 'ccp-signoff-log'
/**
 * 2: the index `owner`. 3: the other indexes, and how many entries each owner has. 4: the digests, which are made later, a day at
 * a time: an index of each column would keep the log from being written for as long as it takes to read all of it.
 */
const VERSION = 4

export const openLogDatabase = (): Promise<IDBPDatabase<LogSchema>> =>
  openDatabase<LogSchema>(NAME, VERSION, async (database, oldVersion, transaction) => {
    if (oldVersion < 1) database.createObjectStore('entries', { keyPath: 'id' }).createIndex('at', 'at')
    const entries = transaction.objectStore('entries')
    if (oldVersion < 2) entries.createIndex('owner', ['instance', 'username', 'at'])
    if (oldVersion < 4) database.createObjectStore('digests', { keyPath: ['day', 'count', 'made'] })
    if (oldVersion >= 3) return
    entries.createIndex('outcome', ['outcome', 'at'])
    entries.createIndex('cause', ['cause', 'at'])
    entries.createIndex('would', ['would', 'at'])
    const owners = database.createObjectStore('owners', { keyPath: ['instance', 'username'] })
    if (oldVersion > 0) await recountOwners(owners, entries.index('owner'))
  })
