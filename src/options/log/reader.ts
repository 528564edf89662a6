import type { LogEntry } from '../../domain/log-entry'
import type { LogStore } from '../../storage/log-store'
import type { Wanted } from './filter'
import { find } from './find'
import { ROWS_AT_A_TIME } from './rows'
import type { Order } from './sort'
import { SORTED_AT_MOST, sortEntries } from './sort'

/** The matching entries that have been found so far. */
export interface Found {
  /** The entries to be shown, in their order. */
  readonly shown: readonly LogEntry[]
  /** Whether there are, or may be, others after these. */
  readonly hasMore: boolean
  /** How many there are at least. */
  readonly count: number
  /** Whether there are no others. */
  readonly isWhole: boolean
  /** Whether the search for the entries to be shown still runs. */
  readonly isLooking: boolean
}

/** Reads matching entries, as far as somebody wants to see them, and reports at each step what it has found. */
export interface LogReader {
  /**
   * Begins again. Where another call of it comes meanwhile, this one stops, and resolves.
   * @param atLeast how many entries are to be shown at least; until then the present ones remain.
   */
  begin(log: LogStore, wanted: Wanted, order: Order, atLeast: number): Promise<void>
  /** Continues by as many entries as become rows at a time. */
  goOn(): Promise<void>
}

export function logReader(tell: (found: Found) => void): LogReader {
  let turn = 0
  let known: ReadonlyMap<string, LogEntry> = new Map()
  let goOn: () => Promise<void> = () => Promise.resolve()

  return {
    begin: async (log, wanted, order, atLeast) => {
      const own = ++turn
      const before = known
      const entries: LogEntry[] = []
      const isByTime = order.column === 'when'
      const walk = find(log, wanted, isByTime && !order.descending)
      let limit = Math.max(ROWS_AT_A_TIME, atLeast)
      let isWhole = false
      let isBusy = false
      const isEnough = () => isWhole || entries.length >= (isByTime ? limit : SORTED_AT_MOST)
      const show = () => {
        known = new Map(entries.map((entry) => [entry.id, entry]))
        const sorted = sortEntries(isByTime ? entries : entries.slice(0, SORTED_AT_MOST), order)
        const isAll = isWhole && sorted.length === entries.length
        tell({
          shown: sorted.slice(0, limit),
          hasMore: sorted.length > limit || (isByTime && !isWhole),
          count: entries.length,
          isWhole: isAll,
          isLooking: !isEnough(),
        })
      }
      const look = async () => {
        isBusy = true
        try {
          while (!isEnough()) {
            const { value: batch } = await walk.next()
            if (own !== turn) return
            if (batch) entries.push(...batch.entries.map((entry) => asKnown(before.get(entry.id), entry)))
            isWhole = batch?.isLast ?? true
            if (isEnough() || entries.length >= atLeast) show()
          }
        } finally {
          isBusy = false
        }
      }
      goOn = async () => {
        if (isBusy) return
        limit += ROWS_AT_A_TIME
        if (isEnough()) show()
        else await look()
      }
      await look()
    },
    goOn: () => goOn(),
  }
}

/** An entry that has not changed stays the same object, and so its rows stay. */
function asKnown(known: LogEntry | undefined, entry: LogEntry): LogEntry {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(entry) ? known : entry
}
