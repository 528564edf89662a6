/**
 * The extension's own data, by key, in an IndexedDB of its own: settings, the state of closes, the copy of the policy with its
 * secrets, and the marks of recovery CCPs. Content scripts, and code that takes over the process of one, can read and write
 * `storage.local`, which is for mail alone; they cannot reach this.
 */
import type { DBSchema, IDBPDatabase } from 'idb'
import { browser } from '../platform/browser'
import { signalStored } from '../platform/stored-signal'
import { openDatabase } from './open-database'

interface OwnSchema extends DBSchema {
  values: { key: string; value: unknown }
}

const NAME = 'ccp-signoff'
const VERSION = 1

/** What older versions stored in `storage.local` under these keys is moved here, once. */
const TAKEN_OVER = [
  'sessions',
  'sessions.ended',
  'sessions.damaged',
  'settings',
  'profile',
  'introduced',
  'logPruned',
  'installation',
] as const
/** These are not moved: the copy of the policy is made again at once, and the others were signals. */
const LEFT_BEHIND = ['policy', 'logRevision', 'fleetRevision'] as const
/**
 * Whether the move was made. What appears in `storage.local` under those keys later was not written by this extension, or by an
 * older version after a roll-back, where content scripts could change it: it is removed unread.
 */
const TAKEN_OVER_KEY = 'takenOver'

let opened: Promise<IDBPDatabase<OwnSchema>> | null = null

/** Opened once in the life of a context, and again where the browser has closed it. */
function database(): Promise<IDBPDatabase<OwnSchema>> {
  opened ??= open().catch((error: unknown) => {
    opened = null
    throw error
  })
  return opened
}

async function open(): Promise<IDBPDatabase<OwnSchema>> {
  const own = await openDatabase<OwnSchema>(NAME, VERSION, (db) => void db.createObjectStore('values'))
  const forget = (): void => {
    opened = null
  }
  own.addEventListener('close', forget)
  own.addEventListener('versionchange', forget)
  await takeOver(own)
  return own
}

/** Moves in what an older version has left in `storage.local`: all of it or nothing, and never over existing values. */
async function takeOver(own: IDBPDatabase<OwnSchema>): Promise<void> {
  let left: Record<string, unknown>
  try {
    left = await browser.storage.local.get([...TAKEN_OVER, ...LEFT_BEHIND])
  } catch {
    // A broken store has nothing to offer now; the next start looks again.
    return
  }
  const transaction = own.transaction('values', 'readwrite', RELAXED)
  const { store } = transaction
  if ((await store.get(TAKEN_OVER_KEY)) === undefined) {
    for (const key of TAKEN_OVER) {
      const value = left[key]
      if (value !== undefined && (await store.get(key)) === undefined) await store.put(value, key)
    }
    await store.put(true, TAKEN_OVER_KEY)
  }
  await transaction.done
  const keys = Object.keys(left)
  if (keys.length === 0) return
  await browser.storage.local.remove(keys).catch(() => {
    // What cannot be removed is ignored nevertheless, and tried again at the next start.
  })
}

/** A write is complete when it outlives this process; a power cut may still undo it for a moment. */
const RELAXED = { durability: 'relaxed' } as const

const listed = (keys: string | readonly string[]): readonly string[] => (typeof keys === 'string' ? [keys] : keys)

/** Every call throws where the browser has no storage left or refuses it. */
export const ownStore = {
  /** The values under these keys; a key without a value is not among them. */
  get: async (keys: string | readonly string[]): Promise<Record<string, unknown>> => {
    const wanted = listed(keys)
    const { store, done } = (await database()).transaction('values')
    const values = await Promise.all(wanted.map((key) => store.get(key)))
    await done
    return Object.fromEntries(
      wanted.flatMap((key, index) => (values[index] === undefined ? [] : [[key, values[index]]])),
    )
  },
  /** Stores all of them or none, and notifies the other contexts. */
  set: async (items: Readonly<Record<string, unknown>>): Promise<void> => {
    const { store, done } = (await database()).transaction('values', 'readwrite', RELAXED)
    for (const [key, value] of Object.entries(items)) void store.put(value, key).catch(() => undefined)
    await done
    await signalStored(Object.keys(items))
  },
  /** Stores the result of `change`, with no other write in between; `change` gets undefined for a missing value. */
  update: async (key: string, change: (value: unknown) => unknown): Promise<void> => {
    const { store, done } = (await database()).transaction('values', 'readwrite', RELAXED)
    await store.put(change(await store.get(key)), key)
    await done
    await signalStored([key])
  },
  remove: async (keys: string | readonly string[]): Promise<void> => {
    const gone = listed(keys)
    const { store, done } = (await database()).transaction('values', 'readwrite', RELAXED)
    for (const key of gone) void store.delete(key).catch(() => undefined)
    await done
    await signalStored(gone)
  },
}
