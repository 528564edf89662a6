import type { LogEntry } from '../../../src/domain/log-entry'
import type { LogStore } from '../../../src/storage/log-store'

/** A log that holds these entries, newest first, and takes no others. */
export function storeOf(entries: () => readonly LogEntry[]): LogStore {
  return {
    get: (id) => Promise.resolve(entries().find((entry) => entry.id === id) ?? null),
    newest: (limit) => Promise.resolve(entries().slice(0, limit)),
    batch: (before, limit) => {
      const older = entries().filter(({ at }) => before === null || at < before)
      const last = older[Math.min(limit, older.length) - 1]
      return Promise.resolve(last === undefined ? [] : older.filter(({ at }) => at >= last.at))
    },
    put: () => Promise.resolve(),
    amend: () => Promise.resolve(),
    clear: () => Promise.resolve(),
    prune: () => Promise.resolve(0),
  }
}
