import type { LogEntry } from '../../domain/log-entry'
import type { LogPosition, LogQuery, LogStore } from '../../storage/log-store'
import type { Wanted } from './wanted'
import { matches } from './wanted'

/** How many entries are looked at in one go: few enough to take only milliseconds. */
const BATCH = 200

export interface Batch {
  /** What the filter leaves of it. */
  readonly entries: readonly LogEntry[]
  readonly isLast: boolean
}

/**
 * Searches the log for the entries that match a filter, a batch at a time, and only as far as the caller reads. A batch without a
 * match is empty: a caller that wants no more can stop at any time.
 */
export async function* find(
  log: Pick<LogStore, 'page' | 'shortest'>,
  wanted: Wanted,
  oldestFirst: boolean,
): AsyncGenerator<Batch, void, void> {
  const query: LogQuery = { ...wanted.range, oldestFirst, part: await log.shortest(wanted.parts) }
  let next: LogPosition | null = null
  do {
    const page = await log.page(query, next, BATCH)
    next = page.next
    yield { entries: page.entries.filter((entry) => matches(wanted, entry)), isLast: next === null }
  } while (next !== null)
}
