import 'fake-indexeddb/auto'
import { deleteDB, openDB } from 'idb'
import type { FleetRecord } from '../../../src/domain/fleet/record'
import { MAX_AGE_MS, MAX_RECORDS, NEVER_SENT } from '../../../src/domain/fleet/send-schedule'
import { NOTHING_REPORTED } from '../../../src/domain/fleet/state-records'
import { EMPTY_LEDGER } from '../../../src/domain/fleet/sending-status'
import { openOutbox } from '../../../src/storage/outbox-store'
import type { Outbox } from '../../../src/storage/outbox-store'
import { memoryOutbox } from '../../../bench/fleet/memory-outbox'
import { fake, renewBrowser } from '../background/browser'
import { record, T0 } from '../background/fleet/build'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

beforeEach(() => renewBrowser())

describe.each([
  ['on the disk', openOutbox],
  // Used by the fleet's benchmark.
  ['in memory', () => Promise.resolve(memoryOutbox())],
])('the outbox %s', (_, open) => {
  let outbox: Outbox
  beforeEach(async () => {
    outbox = await open()
    await outbox.clear()
  })
  const ids = async (limit = 100): Promise<string[]> => (await outbox.next(limit)).map(({ id }) => id)

  test('is empty before anything is added', async () => {
    expect(await outbox.waiting()).toEqual({ count: 0, oldestAt: 0, urgentAt: null })
    expect(await outbox.reported()).toEqual(NOTHING_REPORTED)
    expect(await outbox.ledger()).toEqual(EMPTY_LEDGER)
  })

  test('returns the oldest first, and urgent records before all others', async () => {
    await outbox.add([record('b', { observedAt: T0 + 2 }), record('a', { observedAt: T0 + 1 })], null)
    await outbox.add([record('u', { observedAt: T0 + 3, isUrgent: true })], null)
    expect(await ids()).toEqual(['u', 'a', 'b'])
    expect(await ids(2)).toEqual(['u', 'a'])
    expect(await outbox.waiting()).toEqual({ count: 3, oldestAt: T0 + 1, urgentAt: T0 + 3 })
  })

  test('stores a repeated record once', async () => {
    await outbox.add([record('a')], null)
    await outbox.add([record('a', { body: 'again' })], null)
    expect(await outbox.next(9)).toMatchObject([{ id: 'a', body: 'again' }])
  })

  test('removes what was sent, and stores the result with it', async () => {
    await outbox.add([record('a'), record('b')], null)
    const ledger = { ...EMPTY_LEDGER, taken: 1, takenAt: T0, sending: { ...NEVER_SENT, lastAttemptAt: T0 } }
    await outbox.settle(['a', 'never there'], ledger)
    expect(await ids()).toEqual(['b'])
    expect(await outbox.ledger()).toEqual(ledger)
  })

  test('stores up to its maximum, drops the oldest beyond it, and counts them', async () => {
    const many = Array.from({ length: MAX_RECORDS + 3 }, (_, nth) => record(`r${nth}`, { observedAt: T0 + nth }))
    await outbox.add(many.slice(0, 10), null)
    await outbox.add(many.slice(10), null)
    expect((await outbox.waiting()).count).toBe(MAX_RECORDS)
    expect(await ids(1)).toEqual(['r3'])
    expect((await outbox.ledger()).dropped).toBe(3)
  })

  test('drops old records, urgent or not, and counts them', async () => {
    await outbox.add([record('old', { observedAt: T0, isUrgent: true }), record('new', { observedAt: T0 + 10 })], null)
    await outbox.prune(T0 + 5 + MAX_AGE_MS)
    expect(await ids()).toEqual(['new'])
    expect((await outbox.ledger()).dropped).toBe(1)
  })

  test('does not lose the count of what was dropped during a request', async () => {
    const before = await outbox.ledger()
    await outbox.add([record('old', { observedAt: T0 })], null)
    await outbox.prune(T0 + 1 + MAX_AGE_MS)
    await outbox.settle([], { ...before, taken: 5 })
    expect(await outbox.ledger()).toMatchObject({ taken: 5, dropped: 1 })
  })
})

describe.each([
  ['on the disk', openOutbox],
  ['in memory', () => Promise.resolve(memoryOutbox())],
])('a flood, %s', (_, open) => {
  test('displaces nothing of another instance, or of another agent of the same instance', async () => {
    const outbox = await open()
    await outbox.clear()
    const of = (id: string, instance: string, agent: string, nth: number): FleetRecord =>
      record(id, { observedAt: T0 + nth, attributes: { 'server.address': instance, 'user.hash': agent } })
    await outbox.add([of('own', 'acme', 'a', 0), of('coverage', '', '', 1), of('quiet', 'flood', 'q', 2)], null)
    const flood = Array.from({ length: MAX_RECORDS + 20 }, (_none, nth) => of(`f${nth}`, 'flood', 'f', 3 + nth))
    await outbox.add(flood, null)
    const kept = (await outbox.next(MAX_RECORDS)).map(({ id }) => id)
    expect(kept).toHaveLength(MAX_RECORDS)
    expect(kept.slice(0, 4)).toEqual(['own', 'coverage', 'quiet', 'f23'])
    expect((await outbox.ledger()).dropped).toBe(23)
  })
})

describe('unreadable data', () => {
  test('is put aside and counted, and does not block other records', async () => {
    const outbox = await openOutbox()
    await outbox.clear()
    await outbox.add([record('a'), record('b'), record('c')], null)
    const database = await openDB('ccp-signoff-outbox')
    const kept = (await database.get('records', 'a')) as object
    await database.put('records', { ...kept, record: { id: 'a', attributes: 'x' } })
    database.close()
    expect((await outbox.next(2)).map(({ id }) => id)).toEqual(['b', 'c'])
    expect((await outbox.ledger()).dropped).toBe(1)
    expect(JSON.stringify(fake.own.items.get('sessions.damaged'))).toContain('"attributes":"x"')
  })

  test('about what was reported and sent is reset', async () => {
    const outbox = await openOutbox()
    await outbox.clear()
    const database = await openDB('ccp-signoff-outbox')
    await database.put('facts', { flags: 7 }, 'told')
    await database.put('facts', 'x', 'ledger')
    database.close()
    expect([await outbox.reported(), await outbox.ledger()]).toEqual([NOTHING_REPORTED, EMPTY_LEDGER])
    await outbox.settle([], { ...EMPTY_LEDGER, taken: 3 })
    expect((await outbox.ledger()).taken).toBe(3)
    expect(JSON.stringify(fake.own.items.get('sessions.damaged'))).toContain('outbox.told')
  })
})

test('records that an older version left waiting are sent, and get their share', async () => {
  await deleteDB('ccp-signoff-outbox')
  const old = await openDB('ccp-signoff-outbox', 1, {
    upgrade: (database) => {
      const records = database.createObjectStore('records', { keyPath: 'id' })
      records.createIndex('place', 'place')
      records.createIndex('notedAt', 'notedAt')
      database.createObjectStore('facts')
    },
  })
  const own = record('own', { attributes: { 'server.address': 'acme' } })
  await old.put('records', { id: 'own', record: own, place: own.observedAt, notedAt: own.observedAt })
  await old.put('records', { id: 'bad', record: 5, place: 1, notedAt: 1 })
  old.close()
  const outbox = await openOutbox()
  const database = await openDB('ccp-signoff-outbox')
  expect(await database.getFromIndex('records', 'owner', ['acme', '', own.observedAt])).toMatchObject({ id: 'own' })
  database.close()
  expect(await outbox.next(9)).toEqual([own])
})

test('outlives the context that opened it', async () => {
  const told = { ...NOTHING_REPORTED, coverage: { at: T0, agents: {} } }
  const outbox = await openOutbox()
  await outbox.clear()
  await outbox.add([record('a')], told)
  const other = await openOutbox()
  expect((await other.next(9)).map(({ id }) => id)).toEqual(['a'])
  expect(await other.reported()).toEqual(told)
})
