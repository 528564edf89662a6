import type { FleetRecord } from '../../src/domain/fleet/record'
import { MAX_AGE_MS, MAX_RECORDS } from '../../src/domain/fleet/schedule'
import { NOTHING_TOLD } from '../../src/domain/fleet/state-records'
import { EMPTY_LEDGER } from '../../src/storage/outbox-store'
import type { Outbox } from '../../src/storage/outbox-store'

/**
 * An outbox in memory, for ten thousand machines in one process. The unit tests of the one on the disk hold it to the same.
 */
export function memoryOutbox(): Outbox {
  const records = new Map<string, FleetRecord>()
  let told = NOTHING_TOLD
  let ledger = EMPTY_LEDGER
  const byAge = (): FleetRecord[] => [...records.values()].sort((a, b) => a.observedAt - b.observedAt)
  const drop = (gone: readonly FleetRecord[]): void => {
    for (const { id } of gone) records.delete(id)
    ledger = { ...ledger, dropped: ledger.dropped + gone.length }
  }
  return {
    add: (added, next) => {
      for (const record of added) records.set(record.id, record)
      if (next !== null) told = next
      if (records.size > MAX_RECORDS) drop(byAge().slice(0, records.size - MAX_RECORDS))
      return Promise.resolve()
    },
    told: () => Promise.resolve(told),
    waiting: () => {
      const urgent = [...records.values()].filter(({ isUrgent }) => isUrgent).map(({ observedAt }) => observedAt)
      return Promise.resolve({
        count: records.size,
        oldestAt: byAge()[0]?.observedAt ?? 0,
        urgentAt: urgent.length === 0 ? null : Math.max(...urgent),
      })
    },
    next: (limit) => {
      const aged = byAge()
      const inOrder = [...aged.filter(({ isUrgent }) => isUrgent), ...aged.filter(({ isUrgent }) => !isUrgent)]
      return Promise.resolve(inOrder.slice(0, limit))
    },
    settle: (ids, next) => {
      for (const id of ids) records.delete(id)
      ledger = { ...next, dropped: ledger.dropped }
      return Promise.resolve()
    },
    ledger: () => Promise.resolve(ledger),
    prune: (now) => {
      const old = [...records.values()].filter(({ observedAt }) => observedAt < now - MAX_AGE_MS)
      if (old.length > 0) drop(old)
      return Promise.resolve()
    },
    clear: () => {
      records.clear()
      told = NOTHING_TOLD
      ledger = EMPTY_LEDGER
      return Promise.resolve()
    },
  }
}
