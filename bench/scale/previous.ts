/** Work on the log without showing it. The functions run in a page of the extension, so they must be self-contained. */

/** Reads all entries in batches, as earlier versions of the page did to count them. Resolves with the time in ms. */
export async function readAll(): Promise<number> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  const database = await answer(indexedDB.open('ccp-signoff-log'))
  const began = performance.now()
  let range: IDBKeyRange | null = null
  for (;;) {
    const index: IDBIndex = database.transaction('entries').objectStore('entries').index('at')
    const batch = (await answer(index.getAll(range, 200))) as { readonly at: number }[]
    const last = batch.at(-1)
    if (last === undefined) break
    range = IDBKeyRange.lowerBound(last.at, true)
  }
  const took = performance.now() - began
  database.close()
  return took
}

/** Counts all entries, as earlier versions did at each write. Resolves with the time in ms. */
export async function countAll(): Promise<number> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  const database = await answer(indexedDB.open('ccp-signoff-log'))
  const began = performance.now()
  await answer(database.transaction('entries').objectStore('entries').count())
  const took = performance.now() - began
  database.close()
  return took
}

/** Writes an entry by the same requests as the log, 15 times. Resolves with the median time in ms. */
export async function writeOne(): Promise<number> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  const database = await answer(indexedDB.open('ccp-signoff-log'))
  const index = database.transaction('entries').objectStore('entries').index('at')
  const newest = (await answer(index.openCursor(null, 'prev')))?.value as { instance: string; username: string }
  const times: number[] = []
  for (let nth = 0; nth < 15; nth += 1) {
    const began = performance.now()
    const transaction = database.transaction(['entries', 'owners', 'digests'], 'readwrite')
    const [entries, owners] = [transaction.objectStore('entries'), transaction.objectStore('owners')]
    const entry = { ...newest, id: crypto.randomUUID(), at: Date.now() }
    await answer(entries.get(entry.id))
    await answer(entries.put(entry))
    const owner = (await answer(owners.get([entry.instance, entry.username]))) as { count: number }
    await answer(owners.put({ ...owner, count: owner.count + 1 }))
    const day = Math.floor(entry.at / 86_400_000)
    await answer(transaction.objectStore('digests').delete(IDBKeyRange.bound([day], [day, []])))
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'))
    })
    times.push(performance.now() - began)
  }
  database.close()
  return times.sort((a, b) => a - b)[7] ?? 0
}
