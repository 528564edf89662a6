/** What waits for the organization's collector, in IndexedDB: it outlives the worker, the browser and the network. */
import type { DBSchema, IDBPDatabase } from 'idb'
import type { FleetRecord } from '../domain/fleet/record'
import { MAX_AGE_MS, MAX_RECORDS, NEVER_SENT } from '../domain/fleet/schedule'
import type { Waiting } from '../domain/fleet/schedule'
import type { Told } from '../domain/fleet/state-records'
import { NOTHING_TOLD } from '../domain/fleet/state-records'
import type { Ledger } from '../domain/fleet/status'
import { openDatabase } from './open-database'

const NAME = 'ccp-signoff-outbox'
const VERSION = 1
/** Urgent ones come before all others. */
const URGENT_FIRST = 1e14

interface Kept {
  readonly record: FleetRecord
  /** The place in the queue: by the time of noting, the urgent ones first. */
  readonly place: number
  /** When it was noted, in ms since the epoch: what is oldest is dropped first. */
  readonly notedAt: number
}

interface OutboxSchema extends DBSchema {
  records: { key: string; value: Kept & { readonly id: string }; indexes: { place: number; notedAt: number } }
  facts: { key: 'ledger' | 'told'; value: Ledger | Told }
}

export const EMPTY_LEDGER: Ledger = {
  sending: NEVER_SENT,
  problem: null,
  takenAt: null,
  taken: 0,
  dropped: 0,
  rejected: 0,
}

/** The outbox. Every call throws where the browser's storage is full or broken. */
export interface Outbox {
  /**
   * Adds records, and what was told with them, both or neither; one that waits already is not there twice. Drops the
   * oldest beyond what is kept, and counts them.
   */
  add(records: readonly FleetRecord[], told: Told | null): Promise<void>
  told(): Promise<Told>
  waiting(): Promise<Waiting>
  /** The next to be sent, at most so many. */
  next(limit: number): Promise<FleetRecord[]>
  /** Forgets records, and notes how sending went, both or neither. */
  settle(ids: readonly string[], ledger: Ledger): Promise<void>
  ledger(): Promise<Ledger>
  /** Drops what is too old, and counts it. */
  prune(now: number): Promise<void>
  clear(): Promise<void>
}

const open = (): Promise<IDBPDatabase<OutboxSchema>> =>
  openDatabase<OutboxSchema>(NAME, VERSION, (database) => {
    const records = database.createObjectStore('records', { keyPath: 'id' })
    records.createIndex('place', 'place')
    records.createIndex('notedAt', 'notedAt')
    database.createObjectStore('facts')
  })

/** Opens the outbox, and makes it where there is none. */
export async function openOutbox(): Promise<Outbox> {
  const database = await open()
  const ledger = async (): Promise<Ledger> =>
    ((await database.get('facts', 'ledger')) as Ledger | undefined) ?? EMPTY_LEDGER
  return {
    add: async (records, told) => {
      const transaction = database.transaction(['records', 'facts'], 'readwrite')
      const store = transaction.objectStore('records')
      for (const record of records) {
        const { id, observedAt, isUrgent } = record
        const place = isUrgent ? observedAt - URGENT_FIRST : observedAt
        await store.put({ id, record, place, notedAt: observedAt })
      }
      const facts = transaction.objectStore('facts')
      if (told !== null) await facts.put(told, 'told')
      const tooMany = (await store.count()) - MAX_RECORDS
      let cursor = tooMany > 0 ? await store.index('notedAt').openCursor() : null
      for (let left = tooMany; cursor && left > 0; left -= 1) {
        await cursor.delete()
        cursor = await cursor.continue()
      }
      if (tooMany > 0) await facts.put(withDropped(await facts.get('ledger'), tooMany), 'ledger')
      await transaction.done
    },
    told: async () => ((await database.get('facts', 'told')) as Told | undefined) ?? NOTHING_TOLD,
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
      const found = await database.getAllFromIndex('records', 'place', null, limit)
      return found.map(({ record }) => record)
    },
    settle: async (ids, next) => {
      const transaction = database.transaction(['records', 'facts'], 'readwrite')
      const store = transaction.objectStore('records')
      for (const id of ids) await store.delete(id)
      // What was dropped meanwhile was counted meanwhile.
      const facts = transaction.objectStore('facts')
      const before = ((await facts.get('ledger')) as Ledger | undefined) ?? EMPTY_LEDGER
      await facts.put({ ...next, dropped: before.dropped }, 'ledger')
      await transaction.done
    },
    ledger,
    prune: async (now) => {
      const transaction = database.transaction(['records', 'facts'], 'readwrite')
      const index = transaction.objectStore('records').index('notedAt')
      let cursor = await index.openCursor(IDBKeyRange.upperBound(now - MAX_AGE_MS, true))
      let gone = 0
      for (; cursor; gone += 1) {
        await cursor.delete()
        cursor = await cursor.continue()
      }
      const facts = transaction.objectStore('facts')
      if (gone > 0) await facts.put(withDropped(await facts.get('ledger'), gone), 'ledger')
      await transaction.done
    },
    clear: async () => {
      const transaction = database.transaction(['records', 'facts'], 'readwrite')
      await transaction.objectStore('records').clear()
      await transaction.objectStore('facts').clear()
      await transaction.done
    },
  }
}

function withDropped(stored: Ledger | Told | undefined, count: number): Ledger {
  const ledger = (stored as Ledger | undefined) ?? EMPTY_LEDGER
  return { ...ledger, dropped: ledger.dropped + count }
}
