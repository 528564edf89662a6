/** What the results are made of, read from the log without reading all of it. */
import type { LogEntry } from '../../domain/log-entry'
import { COUNTED_OUTCOMES, isCounted } from '../../domain/running-result'
import type { LogPosition, LogQuery, LogStore } from '../../storage/log-store'
import { ALL_ENTRIES } from '../../storage/log-store'
import { WOULDS } from '../../ui/log-words'
import { monthOf, spanOfMonth } from './report-words'

type Log = Pick<LogStore, 'page'>

/** How many entries are read in one go: few enough to take only milliseconds. */
const BATCH = 200
/** Most often it is the first. */
const FEW = 5

async function* batches(log: Log, query: LogQuery, limit: number): AsyncGenerator<readonly LogEntry[], void, void> {
  let next: LogPosition | null = null
  do {
    const page = await log.page(query, next, limit)
    yield page.entries
    next = page.next
  } while (next !== null)
}

async function first(
  log: Log,
  query: LogQuery,
  isWanted: (entry: LogEntry) => boolean = () => true,
): Promise<LogEntry | null> {
  for await (const entries of batches(log, query, FEW)) {
    const found = entries.find(isWanted)
    if (found !== undefined) return found
  }
  return null
}

/** Without what is long and no result needs: a busy month has thousands. */
async function readAll(log: Log, query: LogQuery): Promise<LogEntry[]> {
  const read: LogEntry[] = []
  for await (const entries of batches(log, query, BATCH)) {
    for (const entry of entries) read.push({ ...entry, timeline: [], error: null })
  }
  return read
}

/** The months that have a result, the latest first. */
export async function readMonths(log: Log): Promise<string[]> {
  const months = new Set<string>()
  for (const outcome of COUNTED_OUTCOMES) {
    const part = { index: 'outcome', of: [outcome] } as const
    let newest = await first(log, { ...ALL_ENTRIES, part }, isCounted)
    while (newest !== null) {
      const month = monthOf(newest.at)
      months.add(month)
      newest = await first(log, { ...ALL_ENTRIES, part, to: spanOfMonth(month).from - 1 }, isCounted)
    }
  }
  return [...months].sort().reverse()
}

export function readMonth(log: Log, month: string): Promise<LogEntry[]> {
  return readAll(log, { ...ALL_ENTRIES, ...spanOfMonth(month) })
}

/** From the first close that was observed to the last, those between them included; none where none was. */
export async function readPilot(log: Log): Promise<LogEntry[]> {
  const times: number[] = []
  for (const would of Object.keys(WOULDS)) {
    const part = { index: 'would', of: [would] } as const
    for (const oldestFirst of [false, true]) {
      const edge = await first(log, { ...ALL_ENTRIES, part, oldestFirst })
      if (edge !== null) times.push(edge.at)
    }
  }
  if (times.length === 0) return []
  return readAll(log, { ...ALL_ENTRIES, from: Math.min(...times), to: Math.max(...times) })
}
