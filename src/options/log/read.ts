import type { LogStore } from '../../storage/log-store'
import type { LogItem } from './items'
import { itemOf } from './items'

/** Enough to fill the window, so that something is there to read at once. */
const FIRST_BATCH = 100
/** What the store gives in one go: in a few milliseconds, so that nothing else has to wait for it. */
const BATCH = 200

/**
 * The whole log, newest first, in batches.
 * @param known what was read before: entries that have not changed stay the objects that they were.
 */
export async function* readItems(
  log: Pick<LogStore, 'batch'>,
  known: ReadonlyMap<string, LogItem>,
): AsyncGenerator<LogItem[], void, void> {
  let before: number | null = null
  for (let limit = FIRST_BATCH; ; limit = BATCH) {
    const entries = await log.batch(before, limit)
    const last = entries.at(-1)
    if (last === undefined) return
    before = last.at
    yield entries.map((entry) => {
      const item = known.get(entry.id)
      return item && JSON.stringify(item.entry) === JSON.stringify(entry) ? item : itemOf(entry)
    })
  }
}
