import type { FleetRecord } from '../../src/domain/fleet/record'
import { ownerOf } from '../../src/domain/fleet/record'
import { withinShare } from '../../src/domain/share'
import { MAX_AGE_MS, MAX_RECORDS } from '../../src/domain/fleet/send-schedule'
import { NOTHING_REPORTED } from '../../src/domain/fleet/state-records'
import { EMPTY_LEDGER } from '../../src/domain/fleet/sending-status'
import type { Outbox } from '../../src/storage/outbox-store'

/**
 * An outbox in memory, for ten thousand machines in one process.
 * The unit tests of the real outbox also run on this one.
 */
export function memoryOutbox(): Outbox {
  const records = new Map<string, FleetRecord>()
  let told = NOTHING_REPORTED
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
      if (records.size > MAX_RECORDS) {
        const aged = byAge()
        const kept = new Set(
          withinShare(
            aged,
            MAX_RECORDS,
            (record) => ownerOf(record).instance,
            (record) => ownerOf(record).agent,
          ),
        )
        drop(aged.filter((record) => !kept.has(record)))
      }
      return Promise.resolve()
    },
    reported: () => Promise.resolve(told),
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
      told = NOTHING_REPORTED
      ledger = EMPTY_LEDGER
      return Promise.resolve()
    },
  }
}
