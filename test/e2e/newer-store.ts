import type { Browser } from '../browser'

/** Leaves in the extension's store what a version to come might: more of everything, and a newer database. */
export async function ageStore({ extension }: Browser): Promise<void> {
  const version = await extension.readStore(async () => {
    const { settings, sessions } = await chrome.storage.local.get(null)
    const { state, ...rest } = sessions as { state: object }
    await chrome.storage.local.set({
      settings: { ...(settings as object), ofTomorrow: ['a', 'b'] },
      sessions: { ...rest, state: { ...state, ofTomorrow: { a: 1 } }, ofTomorrow: [] },
      ofTomorrow: true,
    })
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
      })
    const request = indexedDB.open('ccp-signoff-log', 7)
    request.onupgradeneeded = () => void request.result.createObjectStore('ofTomorrow')
    const database = await answer(request)
    const entries = database.transaction('entries', 'readwrite').objectStore('entries')
    for (const entry of await answer(entries.getAll() as IDBRequest<object[]>)) {
      await answer(entries.put({ ...entry, ofTomorrow: { a: 1 } }))
    }
    database.close()
    return (await indexedDB.databases()).find(({ name }) => name === 'ccp-signoff-log')?.version
  })
  if (version !== 7) throw new Error(`The log is of version ${String(version)}.`)
}

/** Of the extension API what is used here; Firefox has it under this name too. */
declare const chrome: {
  storage: { local: { get(key: null): Promise<Record<string, unknown>>; set(items: object): Promise<void> } }
}
