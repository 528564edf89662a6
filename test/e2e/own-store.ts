/** The extension's own IndexedDB, read and written without the extension's code. */
import type { Browser } from '../browser'

/** Stores values under keys, whether or not the extension's pages and background are running; null removes a key. */
export async function writeOwn({ extension }: Browser, items: Readonly<Record<string, unknown>>): Promise<void> {
  await extension.readStore(write, items)
}

/** Replaces the user's settings. Runs in the background, because tabs that come and go are events to the extension. */
export async function storeSettings({ extension }: Browser, settings: object): Promise<void> {
  await extension.evaluateInBackground(write, { settings })
}

/** Writes and signals like the extension. Self-contained, because it is evaluated in the extension. */
async function write(values: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  // The extension creates the database at its start; created by anybody else it would be empty.
  const isMade = async (): Promise<boolean> => (await indexedDB.databases()).some(({ name }) => name === 'ccp-signoff')
  while (!(await isMade())) await new Promise((resolve) => setTimeout(resolve, 50))
  const database = await answer(indexedDB.open('ccp-signoff'))
  const store = database.transaction('values', 'readwrite').objectStore('values')
  const writing = Object.entries(values).map(([key, value]) =>
    answer((value === null ? store.delete(key) : store.put(value, key)) as IDBRequest<unknown>),
  )
  await Promise.all(writing)
  database.close()
  const signals = Object.keys(values).map((key) => [`stored:${key}`, `test.${Date.now()}.${Math.random()}`])
  await chrome.storage.session.set(Object.fromEntries(signals) as object)
}

/** Everything stored, by key. Self-contained, because it is evaluated in a page of the extension. */
export async function readOwn(): Promise<Record<string, unknown>> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  const names = (await indexedDB.databases()).map(({ name }) => name)
  if (!names.includes('ccp-signoff')) return {}
  const database = await answer(indexedDB.open('ccp-signoff'))
  try {
    if (!database.objectStoreNames.contains('values')) return {}
    const store = database.transaction('values').objectStore('values')
    const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())])
    return Object.fromEntries((keys as string[]).map((key, nth) => [key, values[nth]]))
  } finally {
    database.close()
  }
}

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: { storage: { session: { set(items: object): Promise<void> } } }
