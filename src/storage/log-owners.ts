/** How many entries of the log each agent of each instance has, stored beside them so that no count reads them. */
import type { LogEntry } from '../domain/log-entry'
import { countUsers, rangeOf } from './make-room'
import type { OwnerIndex } from './make-room'

/** An agent of an instance who has entries. */
export interface LogOwner {
  /** Host name of the Connect instance. */
  readonly instance: string
  /** Empty for pages whose agent was never seen. */
  readonly username: string
  /** The name in the newest entry. */
  readonly agentName: string
  /** When the close of the newest entry began, in ms since the epoch. */
  readonly at: number
  readonly count: number
}

interface Owners {
  get(key: [string, string]): Promise<LogOwner | undefined>
  put(owner: LogOwner): Promise<unknown>
  clear(): Promise<void>
}
interface EntryIndex extends OwnerIndex {
  openCursor(range: IDBKeyRange, direction: 'prev'): Promise<{ readonly value: LogEntry } | null>
}

/** Counts an entry that was written, in the same transaction. */
export async function countEntry(owners: Owners, { instance, username, agentName, at }: LogEntry): Promise<void> {
  const known = await owners.get([instance, username])
  const newest = known === undefined || at >= known.at ? { agentName, at } : known
  await owners.put({ instance, username, ...newest, count: (known?.count ?? 0) + 1 })
}

/**
 * Counts all again: entries that were deleted leave the counts, and those of an older version enter them.
 * @param index of all entries, by `[instance, username, at]`.
 */
export async function recountOwners(owners: Owners, index: EntryIndex): Promise<void> {
  await owners.clear()
  for (const [instance, agents] of await countUsers(index)) {
    for (const [username, count] of agents) {
      const newest = await index.openCursor(rangeOf(instance, username), 'prev')
      if (newest === null) continue
      const { agentName, at } = newest.value
      await owners.put({ instance, username, agentName, at, count })
    }
  }
}
