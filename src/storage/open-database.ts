import { openDB } from 'idb'
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from 'idb'

/** Makes or adds what a database lacks; it may only wait for the transaction's own requests. */
type Upgrade<Schema extends DBSchema> = (
  database: IDBPDatabase<Schema>,
  /** 0 where the database is new. */
  oldVersion: number,
  transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>,
) => void | Promise<void>

/**
 * Opens a database of the extension, and creates it if it does not exist. Throws where the browser has no storage left or refuses
 * it.
 * @param upgrade makes its stores.
 */
export async function openDatabase<Schema extends DBSchema>(
  name: string,
  version: number,
  upgrade: Upgrade<Schema>,
): Promise<IDBPDatabase<Schema>> {
  // Another context wants to delete or upgrade the database: let it, the next call opens it again.
  const blocking = (): void => database.close()
  let database: IDBPDatabase<Schema>
  try {
    database = await openDB<Schema>(name, version, {
      upgrade: (made, oldVersion, _newVersion, transaction) => void upgrade(made, oldVersion, transaction),
      blocking,
    })
  } catch (error) {
    // A later version was here, and was rolled back: it has added to what is used here, and removed nothing.
    if (!(error instanceof DOMException) || error.name !== 'VersionError') throw error
    database = await openDB<Schema>(name, undefined, { blocking })
  }
  return database
}
