import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { deleteDB, openDB } from 'idb'
import type { LogDigest } from '../../../src/domain/log-digest'
import { columnsOf, dayOf, joinColumns } from '../../../src/domain/log-digest'
import type { LogEntry } from '../../../src/domain/log-entry'
import type { LogStore } from '../../../src/storage/log-store'
import { openLog } from '../../../src/storage/log-store'
import { PROPERTY_MS } from '../../property-time'
import { renewBrowser } from '../background/browser'
import { T0 } from '../domain/build'
import { sampleEntry } from '../ui/samples'

jest.setTimeout(PROPERTY_MS)
jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

const DAY = 24 * 3_600_000
const NAME = 'ccp-signoff-log'
let log: LogStore

beforeEach(async () => {
  renewBrowser()
  log = await openLog()
  await log.clear()
})

const entry = (id: string, at: number, more: Partial<LogEntry> = {}): LogEntry =>
  sampleEntry({ id, at: T0 + at, ...more })

/** All that the page reads of the log to sort and search it. */
const read = async (known: readonly LogDigest[] = []) => joinColumns(await log.digests(known))
const ids = async () => (await read()).ids
const writtenBy = async (write: (database: Awaited<ReturnType<typeof openDB>>) => Promise<unknown>) => {
  const database = await openDB(NAME)
  await write(database)
  database.close()
}

test('are the columns of all entries, newest first, each value once', async () => {
  const entries = [
    entry('c', 2 * DAY, { username: 'ada', exposure: null }),
    entry('b', DAY + 1, { tookMs: null, exposure: { from: T0, until: null, certainty: 'open' } }),
    entry('a', DAY, {
      cause: 'crashed',
      stateBefore: { name: 'X', type: 'routable', arn: 'arn:x', startTimestamp: 7 },
    }),
  ]
  for (const each of entries) await log.put(each)
  const columns = await read()
  expect(columns).toEqual(columnsOf(entries))
  expect(columns.ids).toEqual(['c', 'b', 'a'])
  expect(columns.took).toEqual([240, null, 240])
  expect(columns.exposures).toEqual([null, Infinity, 240])
  expect(columns.facets.cause).toEqual({ values: [{ cause: 'tab_closed' }, { cause: 'crashed' }], places: [0, 0, 1] })
  expect(JSON.stringify(columns)).not.toMatch(/timeline|arn:x/)
})

test.each([
  ['without a column', { times: undefined }],
  ['with a shorter column', { took: [] }],
  ['with an id that is not a text', { ids: [7] }],
  ['with a time that is not a number', { times: ['now'] }],
  ['without facets', { facets: null }],
  ['of another version, without a facet', { facets: { agent: { values: [], places: [] } } }],
])('are made again from the entries where one is damaged: %s', async (_what, damage) => {
  const entries = [entry('b', DAY), entry('a', 0)]
  for (const each of entries) await log.put(each)
  const [good] = await log.digests([])
  await writtenBy(async (database) => {
    await database.clear('digests')
    await database.put('digests', { ...good, ...damage })
  })
  expect(await read()).toEqual(columnsOf(entries))
  expect(await read()).toEqual(columnsOf(entries))
})

test('are made again where a facet’s places or values are damaged', async () => {
  const entries = [entry('a', 0)]
  for (const each of entries) await log.put(each)
  const [good] = await log.digests([])
  for (const cause of [
    { values: [{ cause: 7 }], places: [0] },
    { values: [{ cause: 'crashed' }], places: [1] },
    null,
  ]) {
    await writtenBy(async (database) => {
      await database.clear('digests')
      await database.put('digests', { ...good, facets: { ...good?.facets, cause } })
    })
    expect(await read()).toEqual(columnsOf(entries))
  }
})

test('are true after every write, whatever is written, amended and pruned in which order', async () => {
  const act = fc.oneof(
    fc.record({ is: fc.constant('put' as const), nth: fc.nat(30), at: fc.integer({ min: -2 * DAY, max: 2 * DAY }) }),
    fc.record({ is: fc.constant('amend' as const), nth: fc.nat(30) }),
    fc.record({ is: fc.constant('prune' as const), at: fc.integer({ min: -2 * DAY, max: DAY }), keep: fc.nat(12) }),
    fc.record({ is: fc.constant('read' as const) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      await log.clear()
      let known: readonly LogDigest[] = []
      for (const each of acts) {
        if (each.is === 'put') await log.put(entry(`e${each.nth}`, each.at, { username: `agent.${each.nth % 3}` }))
        if (each.is === 'amend') {
          const exposure = { from: T0, until: T0 + each.nth, certainty: 'exact' } as const
          await log.amend({ id: `e${each.nth}`, exposure, step: { at: T0, event: 'agent_returned' } })
        }
        if (each.is === 'prune') await log.prune(T0 + each.at, each.keep)
        if (each.is === 'read') known = await log.digests(known)
      }
      const expected = columnsOf(await log.newest(1_000))
      expect(joinColumns(await log.digests(known))).toEqual(expected)
      expect(await read()).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

test('are made once: then no entry is read, and only the day that was written to is made again', async () => {
  for (let nth = 0; nth < 40; nth += 1) await log.put(entry(`e${nth}`, nth * (DAY / 4)))
  await log.digests([])
  const values = jest.spyOn(IDBIndex.prototype, 'getAll')
  const known = await log.digests([])
  expect(known).toHaveLength(new Set(Array.from({ length: 40 }, (_, nth) => dayOf(T0 + nth * (DAY / 4)))).size)
  expect(values).not.toHaveBeenCalled()
  await log.put(entry('late', DAY + 1))
  const gets = jest.spyOn(IDBObjectStore.prototype, 'get')
  const next = await log.digests(known)
  expect(values).toHaveBeenCalledTimes(1)
  expect(gets).not.toHaveBeenCalled()
  expect(next.filter((digest) => !known.includes(digest)).map(({ day }) => day)).toEqual([dayOf(T0 + DAY)])
  expect(joinColumns(next).ids).toContain('late')
})

test('leave out what cannot be read, and go on', async () => {
  await log.put(entry('good', 1))
  await writtenBy(async (database) => {
    await database.put('entries', { ...entry('bad', 2), timeline: null })
    await database.put('entries', { ...entry('far', 3), at: 1e300, timeline: null })
    await database.put('entries', { ...entry('endless', 3), at: -Infinity, timeline: null })
    await database.put('entries', { ...entry('text', 3), at: 'x' })
  })
  expect(await ids()).toEqual(['good'])
  expect(await ids()).toEqual(['good'])
})

test('go with their entries', async () => {
  await log.put(entry('a', 1))
  await log.digests([])
  const left = async () => {
    let keys: unknown[] = []
    await writtenBy(async (database) => (keys = await database.getAllKeys('digests')))
    return keys.length
  }
  expect(await left()).toBe(1)
  await log.prune(T0 + DAY, 10)
  expect(await left()).toBe(0)
  await log.put(entry('b', 1))
  await log.digests([])
  await log.clear()
  expect(await left()).toBe(0)
})

describe('after a roll-back to a version that knows no digests', () => {
  beforeEach(async () => {
    await log.put(entry('a', 1))
    await log.put(entry('b', 2 * DAY))
    await log.digests([])
    await writtenBy(async (database) => {
      await database.delete('entries', 'b')
      await database.put('entries', entry('c', 2))
      await database.put('entries', entry('d', 3))
      const { instance, username, agentName } = sampleEntry()
      await database.put('owners', { instance, username, agentName, at: T0 + 3, count: 3 })
    })
  })

  test('the page sees that the counts differ, and makes them again', async () => {
    expect(await ids()).toEqual(['d', 'c', 'a'])
  })

  test('so does the daily pruning', async () => {
    await log.prune(0, 100)
    expect(await ids()).toEqual(['d', 'c', 'a'])
  })
})

test('of an older log are made when they are first read, and the log is open to writes before', async () => {
  await deleteDB(NAME, { blocked: () => undefined })
  const older = await openDB(NAME, 3, {
    upgrade: (made) => {
      const store = made.createObjectStore('entries', { keyPath: 'id' })
      store.createIndex('at', 'at')
      store.createIndex('owner', ['instance', 'username', 'at'])
      store.createIndex('outcome', ['outcome', 'at'])
      store.createIndex('cause', ['cause', 'at'])
      store.createIndex('would', ['would', 'at'])
      made.createObjectStore('owners', { keyPath: ['instance', 'username'] })
    },
  })
  await older.put('entries', entry('a', 1))
  older.close()
  const values = jest.spyOn(IDBIndex.prototype, 'getAll')
  log = await openLog()
  await log.put(entry('b', 2))
  expect(values).not.toHaveBeenCalled()
  expect(await ids()).toEqual(['b', 'a'])
})

test('entries are read by their ids, in that order, without those that are gone', async () => {
  for (const nth of [1, 2, 3]) await log.put(entry(`e${nth}`, nth))
  expect((await log.entriesOf(['e3', 'gone', 'e1'])).map(({ id }) => id)).toEqual(['e3', 'e1'])
  expect(await log.entriesOf([])).toEqual([])
})
