/** The records that wait for the organization's collector, in IndexedDB: it outlives the worker, the browser and the network. */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb'
import * as v from 'valibot'
import type { FleetRecord } from '../domain/fleet/record'
import { ownerOf } from '../domain/fleet/record'
import { MAX_AGE_MS, MAX_RECORDS } from '../domain/fleet/send-schedule'
import type { Waiting } from '../domain/fleet/send-schedule'
import type { Reported } from '../domain/fleet/state-records'
import { NOTHING_REPORTED } from '../domain/fleet/state-records'
import type { Ledger } from '../domain/fleet/sending-status'
import { EMPTY_LEDGER } from '../domain/fleet/sending-status'
import { makeRoom } from './make-room'
import { openDatabase } from './open-database'
import { putAside } from './put-aside'
import { storedLedgerSchema, storedRecordSchema, storedReportedSchema } from './stored-shapes'

const NAME = 'ccp-signoff-outbox'
/** 2: the index `owner`. */
const VERSION = 2
/** Urgent ones come before all others. */
const URGENT_FIRST = 1e14

interface Kept {
  readonly id: string
  readonly record: FleetRecord
  /** The place in the queue: by the time of noting, the urgent ones first. */
  readonly place: number
  /** When it was noted, in ms since the epoch. */
  readonly notedAt: number
  /** The record's owner: where there are too many, the largest user loses the oldest. */
  readonly instance: string
  readonly agent: string
}

interface OutboxSchema extends DBSchema {
  records: {
    key: string
    value: Kept
    indexes: { place: number; notedAt: number; owner: [string, string, number] }
  }
  facts: { key: 'ledger' | 'told'; value: Ledger | Reported }
}

type Database = IDBPDatabase<OutboxSchema>
type Writing = IDBPTransaction<OutboxSchema, ('records' | 'facts')[], 'readwrite'>

/**
 * The outbox. Every call throws where the browser's storage is full or broken. What cannot be read is put aside and reported, and
 * the rest continues.
 */
export interface Outbox {
  /**
   * Adds records, and notes what they have reported, both or neither; a record that waits already is not added twice. Drops what
   * is beyond `MAX_RECORDS`, the oldest of the largest user, and counts it.
   */
  add(records: readonly FleetRecord[], reported: Reported | null): Promise<void>
  reported(): Promise<Reported>
  waiting(): Promise<Waiting>
  /** The next records to be sent, at most this many. */
  next(limit: number): Promise<FleetRecord[]>
  /** Removes records, and notes how sending went, both or neither. */
  settle(ids: readonly string[], ledger: Ledger): Promise<void>
  ledger(): Promise<Ledger>
  /** Drops records that are too old, and counts them. */
  prune(now: number): Promise<void>
  clear(): Promise<void>
}

const open = (): Promise<Database> =>
  openDatabase<OutboxSchema>(NAME, VERSION, async (database, oldVersion, transaction) => {
    if (oldVersion < 1) {
      const made = database.createObjectStore('records', { keyPath: 'id' })
      made.createIndex('place', 'place')
      made.createIndex('notedAt', 'notedAt')
      database.createObjectStore('facts')
    }
    if (oldVersion >= 2) return
    const records = transaction.objectStore('records')
    records.createIndex('owner', ['instance', 'agent', 'notedAt'])
    for (const kept of await records.getAll()) {
      if (v.is(storedRecordSchema, kept.record)) await records.put(owned(kept))
    }
  })

const owned = (kept: Omit<Kept, 'instance' | 'agent'>): Kept => ({ ...kept, ...ownerOf(kept.record) })

function keptOf(record: FleetRecord): Kept {
  const { id, observedAt, isUrgent } = record
  return owned({ id, record, place: isUrgent ? observedAt - URGENT_FIRST : observedAt, notedAt: observedAt })
}

const readLedger = (stored: unknown): Ledger => (v.is(storedLedgerSchema, stored) ? stored : EMPTY_LEDGER)
const readReported = (stored: unknown): Reported => (v.is(storedReportedSchema, stored) ? stored : NOTHING_REPORTED)

/** Opens the outbox, and creates it if it does not exist. */
export async function openOutbox(): Promise<Outbox> {
  const database = await open()
  const writing = (): Writing => database.transaction(['records', 'facts'], 'readwrite')
  /** A fact that cannot be read starts again from nothing. */
  const fact = async <T>(key: 'ledger' | 'told', read: (stored: unknown) => T): Promise<T> => {
    const stored: unknown = await database.get('facts', key)
    const known = read(stored)
    if (stored !== undefined && known !== stored) {
      await putAside([{ part: `outbox.${key}`, item: stored }])
      await database.delete('facts', key)
    }
    return known
  }
  return {
    add: async (records, reported) => {
      const transaction = writing()
      const store = transaction.objectStore('records')
      for (const record of records) await store.put(keptOf(record))
      if (reported !== null) await transaction.objectStore('facts').put(reported, 'told')
      const gone = await makeRoom(store, store.index('owner'), (await store.count()) - MAX_RECORDS)
      await countDropped(transaction, gone)
      await transaction.done
    },
    reported: () => fact('told', readReported),
    waiting: async () => {
      const transaction = database.transaction('records')
      const count = await transaction.store.count()
      const oldest = await transaction.store.index('notedAt').openKeyCursor()
      const urgent = await transaction.store.index('place').openKeyCursor(IDBKeyRange.upperBound(0), 'prev')
      return {
        count,
        oldestAt: typeof oldest?.key === 'number' ? oldest.key : 0,
        urgentAt: typeof urgent?.key === 'number' ? urgent.key + URGENT_FIRST : null,
      }
    },
    next: async (limit) => {
      for (;;) {
        const found = await database.getAllFromIndex('records', 'place', null, limit)
        const damaged = found.filter(({ record }) => !v.is(storedRecordSchema, record))
        if (damaged.length === 0) return found.map(({ record }) => record)
        await putAside(damaged.map((item) => ({ part: 'outbox', item })))
        const transaction = writing()
        for (const { id } of damaged) await transaction.objectStore('records').delete(id)
        await countDropped(transaction, damaged.length)
        await transaction.done
      }
    },
    settle: async (ids, next) => {
      const transaction = writing()
      const store = transaction.objectStore('records')
      for (const id of ids) await store.delete(id)
      // What was dropped meanwhile was counted meanwhile.
      const facts = transaction.objectStore('facts')
      const { dropped } = readLedger(await facts.get('ledger'))
      await facts.put({ ...next, dropped }, 'ledger')
      await transaction.done
    },
    ledger: () => fact('ledger', readLedger),
    prune: async (now) => {
      const transaction = writing()
      const index = transaction.objectStore('records').index('notedAt')
      let cursor = await index.openCursor(IDBKeyRange.upperBound(now - MAX_AGE_MS, true))
      let gone = 0
      for (; cursor; gone += 1) {
        await cursor.delete()
        cursor = await cursor.continue()
      }
      await countDropped(transaction, gone)
      await transaction.done
    },
    clear: async () => {
      const transaction = writing()
      await transaction.objectStore('records').clear()
      await transaction.objectStore('facts').clear()
      await transaction.done
    },
  }
}

async function countDropped(transaction: Writing, count: number): Promise<void> {
  if (count <= 0) return
  const facts = transaction.objectStore('facts')
  const ledger = readLedger(await facts.get('ledger'))
  await facts.put({ ...ledger, dropped: ledger.dropped + count }, 'ledger')
}
