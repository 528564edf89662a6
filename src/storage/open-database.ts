import { openDB } from 'idb'
import type { DBSchema, IDBPDatabase } from 'idb'

/**
 * Opens a database of ours, and makes it where there is none. Throws where the browser has no storage left or refuses it.
 * @param upgrade makes its stores.
 */
export async function openDatabase<Schema extends DBSchema>(
  name: string,
  version: number,
  upgrade: (database: IDBPDatabase<Schema>) => void,
): Promise<IDBPDatabase<Schema>> {
  // Another context wants to delete or upgrade the database: let it, the next call opens it again.
  const blocking = (): void => database.close()
  let database: IDBPDatabase<Schema>
  try {
    database = await openDB<Schema>(name, version, { upgrade, blocking })
  } catch (error) {
    // A later version of ours was here, and was rolled back: it has added to what is used here, and taken nothing away.
    if (!(error instanceof DOMException) || error.name !== 'VersionError') throw error
    database = await openDB<Schema>(name, undefined, { blocking })
  }
  return database
}
