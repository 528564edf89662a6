import type { Browser } from '../browser'
import { readOwn, writeOwn } from './own-store'

/** Leaves in the extension's store what a future version might: more of everything, and newer databases. */
export async function ageStore(browser: Browser): Promise<void> {
  const { settings, sessions } = await browser.extension.readStore(readOwn)
  const { state, ...rest } = sessions as { state: object }
  await writeOwn(browser, {
    settings: { ...(settings as object), ofTomorrow: ['a', 'b'] },
    sessions: { ...rest, state: { ...state, ofTomorrow: { a: 1 } }, ofTomorrow: [] },
    ofTomorrow: true,
  })
  const versions = await browser.extension.readStore(async () => {
    const answer = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
      })
    const upgraded = (name: string): Promise<IDBDatabase> => {
      const request = indexedDB.open(name, 7)
      request.onupgradeneeded = () => void request.result.createObjectStore('ofTomorrow')
      return answer(request)
    }
    const own = await upgraded('ccp-signoff')
    own.close()
    const database = await upgraded('ccp-signoff-log')
    const entries = database.transaction('entries', 'readwrite').objectStore('entries')
    for (const entry of await answer(entries.getAll() as IDBRequest<object[]>)) {
      await answer(entries.put({ ...entry, ofTomorrow: { a: 1 } }))
    }
    database.close()
    const known = await indexedDB.databases()
    return ['ccp-signoff', 'ccp-signoff-log'].map((each) => known.find(({ name }) => name === each)?.version)
  })
  if (versions.some((version) => version !== 7)) throw new Error(`The databases are of versions ${String(versions)}.`)
}
