import 'fake-indexeddb/auto'
import fc from 'fast-check'
import type { AgentState } from '../../../src/domain/agent'
import type { Would } from '../../../src/domain/decide-close'
import type { Exposure } from '../../../src/domain/exposure'
import type { Evidence, LogEntry, Outcome } from '../../../src/domain/log-entry'
import { columnsReader } from '../../../src/options/log/columns'
import type { Found } from '../../../src/options/log/reader'
import { logReader } from '../../../src/options/log/reader'
import { ROWS_AT_A_TIME } from '../../../src/options/log/rows'
import type { Order, SortColumn } from '../../../src/options/log/sort'
import { NEWEST_FIRST } from '../../../src/options/log/sort'
import { matches } from '../../../src/options/log/wanted'
import type { Wanted } from '../../../src/options/log/wanted'
import { whoOf } from '../../../src/options/log/who'
import type { LogStore } from '../../../src/storage/log-store'
import { openLog } from '../../../src/storage/log-store'
import { formatDateTime } from '../../../src/ui/format'
import { locale, t } from '../../../src/ui/i18n'
import { evidenceText, reasonText } from '../../../src/ui/log-words'
import { statusText } from '../../../src/ui/status-text'
import { CAUSES, OUTCOMES, REASONS, shownOutcome } from '../../../src/ui/words'
import { PROPERTY_MS } from '../../property-time'
import { NOW, sampleEntry } from '../ui/samples'

jest.setTimeout(PROPERTY_MS)
jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../ui/fake-browser'))

const HOUR = 3_600_000
const ALL: Wanted = { range: { from: -Infinity, to: Infinity }, parts: [], facets: {}, words: [] }

/** What an entry's row shows, by which people know its place: the sorted array is what the log has to show. */
const SHOWN: Readonly<Record<SortColumn, (entry: LogEntry) => string | number | null>> = {
  when: ({ at }) => at,
  agent: whoOf,
  instance: ({ instance }) => instance,
  state: ({ outcome, stateBefore }) => (outcome === 'unprotected' ? null : statusText(stateBefore)),
  outcome: (entry) => Object.keys(OUTCOMES).indexOf(shownOutcome(entry)),
  evidence: evidenceText,
  cause: ({ cause }) => t(CAUSES[cause]),
  took: ({ outcome, tookMs }) => (outcome === 'not_needed' ? null : tookMs),
  exposure: ({ exposure }) => {
    if (exposure === null) return null
    return exposure.until === null || exposure.certainty === 'open' ? Infinity : exposure.until - exposure.from
  },
}

/** The same entries, newest first, in an order: one by one, with nothing computed beforehand. */
function sorted(entries: readonly LogEntry[], { column, descending }: Order): readonly LogEntry[] {
  const { compare } = new Intl.Collator(locale(), { numeric: true })
  if (column === 'when') return descending ? entries : [...entries].reverse()
  return [...entries].sort((a, b) => {
    const [x, y] = [SHOWN[column](a), SHOWN[column](b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    const order = typeof x === 'string' || typeof y === 'string' ? compare(String(x), String(y)) : Math.sign(x - y || 0)
    return descending ? -order : order
  })
}

/** All that the search has looked through since it exists. */
function textOf(entry: LogEntry): string {
  const { error } = entry
  return [
    entry.id,
    entry.agentName,
    entry.username,
    entry.instance,
    entry.routingProfile ?? '',
    entry.label ?? '',
    entry.stateBefore.name,
    statusText(entry.stateBefore),
    t(OUTCOMES[shownOutcome(entry)].word),
    t(CAUSES[entry.cause]),
    evidenceText(entry),
    reasonText(entry) ?? '',
    error === null ? '' : `${error.type} ${error.message}`,
    formatDateTime(entry.at),
  ]
    .join('\n')
    .toLocaleLowerCase()
}

const keysOf = <T extends object>(record: T): (keyof T)[] => Object.keys(record) as (keyof T)[]
const exposures = fc.option(
  fc.record<Exposure>({
    from: fc.constant(NOW),
    until: fc.option(fc.integer({ min: NOW, max: NOW + 5 })),
    certainty: fc.constantFrom('exact', 'at_most', 'open'),
  }),
)
const facts = fc.record({
  id: fc.uuid(),
  at: fc.nat(60).map((hours) => NOW - hours * HOUR),
  instance: fc.constantFrom('acme.my.connect.aws', 'acme.awsapps.com', 'Övrig.my.connect.aws'),
  agentName: fc.constantFrom('Dana Reyes', 'ΟΔΟΣ', 'İlker', 'agent 10', 'agent 9', ''),
  username: fc.constantFrom('dana.reyes', 'li.wei', ''),
  stateBefore: fc.record<AgentState>({
    name: fc.constantFrom('Available', 'Bereit', 'Busy'),
    type: fc.constantFrom('routable', 'system', 'error'),
    arn: fc.constant(null),
    startTimestamp: fc.option(fc.nat()),
  }),
  outcome: fc.constantFrom<Outcome[]>('confirmed', 'unconfirmed', 'failed', 'not_needed', 'unprotected'),
  evidence: fc.constantFrom<Evidence[]>('none', 'snapshot', 'set_by_background'),
  reason: fc.option(fc.constantFrom(...keysOf(REASONS))),
  error: fc.option(fc.record({ type: fc.constantFrom('NotFound', 'Error'), message: fc.constantFrom('is 11:0', 'x') })),
  cause: fc.constantFrom(...keysOf(CAUSES)),
  tookMs: fc.option(fc.nat(5)),
  exposure: exposures,
})
const additions = fc.record(
  {
    routingProfile: fc.constantFrom('Basic', 'Night\u00a0shift'),
    label: fc.constantFrom('site=Lisboa, floor=2', 'site=Nov'),
    would: fc.constantFrom<Would[]>('set_offline', 'reload'),
    target: fc.option(fc.constantFrom('Offline', 'Abgemeldet')),
  },
  { requiredKeys: [] },
)
const someEntry = fc.tuple(facts, additions).map(([some, more]) => sampleEntry({ ...some, ...more }))
const logs = fc.array(someEntry, { maxLength: 25 })
const orders = fc.record<Order>({ column: fc.constantFrom(...keysOf(SHOWN)), descending: fc.boolean() })

let log: LogStore
async function write(entries: readonly LogEntry[]): Promise<readonly LogEntry[]> {
  await log.clear()
  for (const entry of entries) await log.put(entry)
  return log.newest(1_000)
}

/** All that a reader shows, page after page, once the columns of the log have been read. */
async function shown(wanted: Wanted, order: Order): Promise<Found | null> {
  const columns = columnsReader()
  await columns.read(log)
  let last: Found | null = null
  const reader = logReader((found) => (last = found), columns)
  await reader.begin(log, wanted, order, 0)
  return last
}

beforeEach(async () => {
  log = await openLog()
})

test('the whole log is sorted by each column, either way, and what is equal newest first', async () => {
  await fc.assert(
    fc.asyncProperty(logs, orders, async (entries, order) => {
      const newest = await write(entries)
      const found = await shown(ALL, order)
      expect(found?.shown.map(({ id }) => id)).toEqual(sorted(newest, order).map(({ id }) => id))
      expect(found?.count).toBe(newest.length)
    }),
    { numRuns: 250 },
  )
})

test('a search finds the entries whose text has each of its words, and no others', async () => {
  // Words of the entries' own texts, in whole and in part, and some that may be in none of them.
  const picks = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(20), fc.integer({ min: 1, max: 8 })), { maxLength: 2 })
  const others = fc.array(fc.constantFrom('nobody', 'nov', '1', ':', ',', '2026,', '11:0', 'a', 'not', 'σ'), {
    maxLength: 1,
  })
  await fc.assert(
    fc.asyncProperty(logs, picks, others, orders, async (entries, picked, more, order) => {
      const newest = await write(entries)
      const own = picked.flatMap(([nth, word, from, length]) => {
        const entry = newest[nth % Math.max(1, newest.length)]
        const words = entry === undefined ? [] : textOf(entry).split(/\s+/).filter(Boolean)
        const whole = words[word % Math.max(1, words.length)] ?? ''
        return [whole.slice(from % Math.max(1, whole.length)).slice(0, length)].filter(Boolean)
      })
      const words = [...own, ...more]
      const expected = newest.filter((entry) => words.every((word) => textOf(entry).includes(word)))
      const wanted = { ...ALL, words }
      expect(newest.filter((entry) => matches(wanted, entry))).toEqual(expected)
      expect((await shown(wanted, order))?.shown).toEqual(sorted(expected, order))
    }),
    { numRuns: 250 },
  )
})

test('a filter and a range of time leave the entries that pass both', async () => {
  await fc.assert(
    fc.asyncProperty(logs, fc.nat(60), fc.nat(60), orders, async (entries, from, to, order) => {
      const newest = await write(entries)
      const wanted: Wanted = {
        ...ALL,
        range: { from: NOW - from * HOUR, to: NOW - to * HOUR },
        facets: { result: (value) => shownOutcome(value) === 'trial', cause: ({ cause }) => cause !== 'crashed' },
      }
      const expected = newest.filter(
        ({ at, would, cause }) =>
          at >= wanted.range.from && at <= wanted.range.to && would !== undefined && cause !== 'crashed',
      )
      expect((await shown(wanted, order))?.shown).toEqual(sorted(expected, order))
    }),
    { numRuns: 150 },
  )
})

describe('of 400 entries', () => {
  /** How many of the log's entries are read. */
  const readOf = async (read: () => Promise<void>): Promise<number> => {
    const one = jest.spyOn(IDBObjectStore.prototype, 'get').mockClear()
    const many = ([IDBIndex, IDBObjectStore] as const).flatMap(({ prototype }) => [
      jest.spyOn(prototype, 'getAll'),
      jest.spyOn(prototype, 'openCursor'),
    ])
    await read()
    for (const spy of many) expect(spy).not.toHaveBeenCalled()
    return one.mock.calls.length
  }

  test('a search for nothing reads none, and a sort reads a page', async () => {
    await write(
      Array.from({ length: 400 }, (_, nth) =>
        sampleEntry({ id: `e${nth}`, at: NOW - nth * HOUR, tookMs: (nth * 37) % 400, username: `agent.${nth % 40}` }),
      ),
    )
    const columns = columnsReader()
    await columns.read(log)
    const found: Found[] = []
    const reader = logReader((each) => found.push(each), columns)
    expect(await readOf(() => reader.begin(log, { ...ALL, words: ['nobody', 'at', 'all'] }, NEWEST_FIRST, 0))).toBe(0)
    expect(found.at(-1)).toMatchObject({ shown: [], count: 0, isWhole: true, isLooking: false })
    const longest: Order = { column: 'took', descending: true }
    expect(await readOf(() => reader.begin(log, ALL, longest, 0))).toBe(ROWS_AT_A_TIME)
    expect(found.at(-1)?.shown.map(({ tookMs }) => tookMs)).toEqual(Array.from({ length: 50 }, (_, nth) => 399 - nth))
    expect(found.at(-1)).toMatchObject({ count: 400, isWhole: true, hasMore: true })
    expect(await readOf(() => reader.goOn())).toBe(ROWS_AT_A_TIME)
    expect(found.at(-1)?.shown).toHaveLength(2 * ROWS_AT_A_TIME)
    // Entries that were deleted meanwhile are not shown.
    await log.clear()
    await reader.goOn()
    expect(found.at(-1)?.shown).toHaveLength(2 * ROWS_AT_A_TIME)
  })
})
