/** The extension's own IndexedDB, read and written without code of ours. */
import type { Browser } from '../browser'

/** Stores values under keys, with the extension's pages and background awake or not; a value of null takes the key away. */
export async function writeOwn({ extension }: Browser, items: Readonly<Record<string, unknown>>): Promise<void> {
  await extension.readStore(write, items)
}

/** The user's settings become these, and no others. In the background: tabs that come and go are events to the extension. */
export async function storeSettings({ extension }: Browser, settings: object): Promise<void> {
  await extension.evaluateInBackground(write, { settings })
}

/** Writes as the extension does, and signals that. To be evaluated in it: it needs nothing from around it. */
async function write(values: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  // The extension makes it when it starts: nobody else may, since it would be empty then.
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

/** All that is stored, by key. To be evaluated in a page of the extension: it needs nothing from around it. */
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

/** Of the extension API what is used here; Firefox has it under this name too. */
declare const chrome: { storage: { session: { set(items: object): Promise<void> } } }
