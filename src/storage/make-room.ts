/** Makes room in a store of records at the cost of its largest user: an instance, and within it an agent. */
import { lossesOf } from '../domain/share'

/** An index whose keys are `[instance, agent, time]`. A record without one of them is in no such index. */
export interface OwnerIndex {
  count(range: IDBKeyRange): Promise<number>
  openKeyCursor(): Promise<OwnerCursor | null>
  getAllKeys(range: IDBKeyRange, limit: number): Promise<string[]>
}
interface OwnerCursor {
  readonly key: IDBValidKey
  continue(key: [string, string, number]): Promise<OwnerCursor | null>
}

/** A list comes after every number and text that a record may have as its time, damaged or not. */
const LAST = [] as unknown as number

/** All records of an agent of an instance. */
export const rangeOf = (instance: string, agent: string): IDBKeyRange =>
  IDBKeyRange.bound([instance, agent], [instance, agent, LAST])

/**
 * Deletes this many records, each time the oldest of the largest agent of the largest instance.
 * @returns how many were deleted.
 */
export async function makeRoom(
  store: { delete(key: string): Promise<void> },
  index: OwnerIndex,
  excess: number,
): Promise<number> {
  if (excess <= 0) return 0
  const users = await countUsers(index)
  const totals = new Map([...users].map(([instance, agents]) => [instance, sumOf(agents)]))
  let gone = 0
  for (const [instance, loss] of lossesOf(totals, excess)) {
    for (const [agent, count] of lossesOf(users.get(instance) ?? new Map<string, number>(), loss)) {
      for (const key of await index.getAllKeys(rangeOf(instance, agent), count)) {
        await store.delete(key)
        gone += 1
      }
    }
  }
  return gone
}

/** How many records each agent of each instance has: one cursor step per agent, not per record. */
export async function countUsers(index: OwnerIndex): Promise<Map<string, Map<string, number>>> {
  const users = new Map<string, Map<string, number>>()
  let cursor = await index.openKeyCursor()
  while (cursor !== null) {
    const [instance, agent] = cursor.key as [string, string, number]
    const agents = users.get(instance) ?? new Map<string, number>()
    users.set(instance, agents.set(agent, await index.count(rangeOf(instance, agent))))
    cursor = await cursor.continue([instance, agent, LAST])
  }
  return users
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}
