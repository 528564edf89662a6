import type { LogEntry } from '../../domain/log-entry'
import type { LogStore } from '../../storage/log-store'
import { arrange } from './arrange'
import type { ColumnsReader } from './columns'
import type { Batch } from './find'
import { find } from './find'
import { ROWS_AT_A_TIME } from './rows'
import type { Order } from './sort'
import type { Wanted } from './wanted'
import { isEverything } from './wanted'

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

const NOTHING: Found = { shown: [], hasMore: false, count: 0, isWhole: false, isLooking: true }

export function logReader(notify: (found: Found) => void, columns: ColumnsReader): LogReader {
  let turn = 0
  let last = NOTHING
  let goOn: () => Promise<void> = () => Promise.resolve()
  const tell = (found: Found) => {
    last = found
    notify(found)
  }

  return {
    begin: async (log, wanted, order, atLeast) => {
      const own = ++turn
      goOn = () => Promise.resolve()
      const before = new Map(last.shown.map((entry) => [entry.id, entry]))
      const isByTime = order.column === 'when'
      let ids: readonly string[] | null = null
      // Without the columns, matching entries are found by time from one end, which takes long only where they are rare.
      if (!isByTime || (columns.isReady() && !isEverything(wanted))) {
        if (!columns.isReady()) tell({ ...last, hasMore: false, isLooking: true })
        const all = await columns.read(log)
        if (own !== turn) return
        ids = arrange(all, wanted, order)
      }
      const walk = ids === null ? find(log, wanted, !order.descending) : entriesOf(log, ids)
      const entries: LogEntry[] = []
      let limit = Math.max(ROWS_AT_A_TIME, atLeast)
      let isWhole = false
      let isBusy = false
      const isEnough = () => isWhole || entries.length >= limit
      const show = () =>
        tell({
          shown: entries.slice(0, limit),
          hasMore: !isWhole || entries.length > limit,
          count: isWhole ? entries.length : (ids?.length ?? entries.length),
          isWhole: isWhole || ids !== null,
          isLooking: !isEnough(),
        })
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

/** Reads entries in the order of their ids, as many at a time as become rows. */
async function* entriesOf(log: Pick<LogStore, 'entriesOf'>, ids: readonly string[]): AsyncGenerator<Batch, void, void> {
  let next = 0
  do {
    const page = ids.slice(next, next + ROWS_AT_A_TIME)
    next += ROWS_AT_A_TIME
    yield { entries: await log.entriesOf(page), isLast: next >= ids.length }
  } while (next < ids.length)
}

/** An entry that has not changed stays the same object, and so its rows stay. */
function asKnown(known: LogEntry | undefined, entry: LogEntry): LogEntry {
  return known !== undefined && JSON.stringify(known) === JSON.stringify(entry) ? known : entry
}
