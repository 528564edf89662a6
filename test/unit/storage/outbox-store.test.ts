import 'fake-indexeddb/auto'
import { MAX_AGE_MS, MAX_RECORDS, NEVER_SENT } from '../../../src/domain/fleet/schedule'
import { NOTHING_TOLD } from '../../../src/domain/fleet/state-records'
import { EMPTY_LEDGER, openOutbox } from '../../../src/storage/outbox-store'
import type { Outbox } from '../../../src/storage/outbox-store'
import { memoryOutbox } from '../../../bench/fleet/memory-outbox'
import { record, T0 } from '../background/fleet/build'

describe.each([
  ['on the disk', openOutbox],
  // That of the fleet's benchmark.
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
    expect(await outbox.told()).toEqual(NOTHING_TOLD)
    expect(await outbox.ledger()).toEqual(EMPTY_LEDGER)
  })

  test('gives the oldest first, and what is urgent before all others', async () => {
    await outbox.add([record('b', { observedAt: T0 + 2 }), record('a', { observedAt: T0 + 1 })], null)
    await outbox.add([record('u', { observedAt: T0 + 3, isUrgent: true })], null)
    expect(await ids()).toEqual(['u', 'a', 'b'])
    expect(await ids(2)).toEqual(['u', 'a'])
    expect(await outbox.waiting()).toEqual({ count: 3, oldestAt: T0 + 1, urgentAt: T0 + 3 })
  })

  test('has what is told twice once', async () => {
    await outbox.add([record('a')], null)
    await outbox.add([record('a', { body: 'again' })], null)
    expect(await outbox.next(9)).toMatchObject([{ id: 'a', body: 'again' }])
  })

  test('forgets what was sent, together with how that went', async () => {
    await outbox.add([record('a'), record('b')], null)
    const ledger = { ...EMPTY_LEDGER, taken: 1, takenAt: T0, sending: { ...NEVER_SENT, lastAttemptAt: T0 } }
    await outbox.settle(['a', 'never there'], ledger)
    expect(await ids()).toEqual(['b'])
    expect(await outbox.ledger()).toEqual(ledger)
  })

  test('keeps so many, drops the oldest beyond them, and counts those', async () => {
    const many = Array.from({ length: MAX_RECORDS + 3 }, (_, nth) => record(`r${nth}`, { observedAt: T0 + nth }))
    await outbox.add(many.slice(0, 10), null)
    await outbox.add(many.slice(10), null)
    expect((await outbox.waiting()).count).toBe(MAX_RECORDS)
    expect(await ids(1)).toEqual(['r3'])
    expect((await outbox.ledger()).dropped).toBe(3)
  })

  test('drops what is too old, urgent or not, and counts it', async () => {
    await outbox.add([record('old', { observedAt: T0, isUrgent: true }), record('new', { observedAt: T0 + 10 })], null)
    await outbox.prune(T0 + 5 + MAX_AGE_MS)
    expect(await ids()).toEqual(['new'])
    expect((await outbox.ledger()).dropped).toBe(1)
  })

  test('does not forget what was dropped while a request was on its way', async () => {
    const before = await outbox.ledger()
    await outbox.add([record('old', { observedAt: T0 })], null)
    await outbox.prune(T0 + 1 + MAX_AGE_MS)
    await outbox.settle([], { ...before, taken: 5 })
    expect(await outbox.ledger()).toMatchObject({ taken: 5, dropped: 1 })
  })
})

test('outlives whoever opened it', async () => {
  const told = { ...NOTHING_TOLD, coverage: { at: T0, agents: {} } }
  const outbox = await openOutbox()
  await outbox.clear()
  await outbox.add([record('a')], told)
  const other = await openOutbox()
  expect((await other.next(9)).map(({ id }) => id)).toEqual(['a'])
  expect(await other.told()).toEqual(told)
})
