import type { LogColumns, LogDigest } from '../../domain/log-digest'
import { joinColumns } from '../../domain/log-digest'
import type { LogStore } from '../../storage/log-store'

/** The columns of the whole log, in memory while the page is open. */
export interface ColumnsReader {
  /** Whether they have been read: reading what has changed since is quick. */
  isReady(): boolean
  /** The columns as they are now. The first time after an update, they are made from all entries. */
  read(log: Pick<LogStore, 'digests'>): Promise<LogColumns>
}

export function columnsReader(): ColumnsReader {
  let digests: readonly LogDigest[] = []
  let columns: LogColumns | null = null
  /** Reads run one after the other, so that each reuses what the previous one has read. */
  let last: Promise<unknown> = Promise.resolve()

  const readNow = async (log: Pick<LogStore, 'digests'>): Promise<LogColumns> => {
    const now = await log.digests(digests)
    const isSame = now.length === digests.length && now.every((digest, nth) => digest === digests[nth])
    if (columns === null || !isSame) columns = joinColumns(now)
    digests = now
    return columns
  }
  return {
    isReady: () => columns !== null,
    read: (log) => {
      const reading = last.then(() => readNow(log))
      last = reading.catch(() => undefined)
      return reading
    },
  }
}
