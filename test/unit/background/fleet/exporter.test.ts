import 'fake-indexeddb/auto'
import * as fc from 'fast-check'
import { Exporter } from '../../../../src/background/fleet/exporter'
import type { HttpAnswer } from '../../../../src/domain/fleet/answer'
import { BATCH_MS, BATCH_RECORDS } from '../../../../src/domain/fleet/send-schedule'
import type { OtlpRequest } from '../../../../src/protocol/otlp'
import { openOutbox } from '../../../../src/storage/outbox-store'
import type { Outbox } from '../../../../src/storage/outbox-store'
import { decodeRequest } from '../../../collector/decode'
import { record, T0, target } from './build'
import { PROPERTY_MS } from '../../../property-time'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))
jest.mock('../../../../src/storage/own-store', () => jest.requireActual<object>('../browser'))

jest.setTimeout(PROPERTY_MS)

let outbox: Outbox
let now: number
let sent: string[][]
let answer: (ids: readonly string[]) => HttpAnswer | Error

const taken: HttpAnswer = { status: 200, retryAfter: null, partial: null }
const status = (code: number, retryAfter: string | null = null): HttpAnswer => ({ ...taken, status: code, retryAfter })
const exporter = new Exporter({
  outbox: () => Promise.resolve(outbox),
  post: (_target, { contentType, body }: OtlpRequest) => {
    const ids = decodeRequest(contentType, body).map(({ attributes }) => String(attributes['log.record.uid']))
    sent.push(ids)
    const given = answer(ids)
    return given instanceof Error ? Promise.reject(given) : Promise.resolve(given)
  },
  now: () => now,
  jitter: () => 0,
})
const run = () => exporter.run(target())

beforeEach(async () => {
  outbox = await openOutbox()
  await outbox.clear()
  now = T0
  sent = []
  answer = () => taken
})

test('does nothing while the outbox is empty', async () => {
  expect(await run()).toBeNull()
  expect(sent).toEqual([])
})

test('waits for a batch, then sends it in one request, and removes what was accepted', async () => {
  await outbox.add([record('a', { observedAt: T0 }), record('b', { observedAt: T0 + 9 })], null)
  expect(await run()).toBe(T0 + BATCH_MS)
  now = T0 + BATCH_MS
  expect(await run()).toBeNull()
  expect(sent).toEqual([['a', 'b']])
  expect(await outbox.ledger()).toMatchObject({ taken: 2, takenAt: now, problem: null })
})

test('sends urgent records at once, along with the waiting ones', async () => {
  await outbox.add([record('a', { observedAt: T0 }), record('u', { observedAt: T0, isUrgent: true })], null)
  expect(await run()).toBeNull()
  expect(sent).toEqual([['u', 'a']])
})

test('sends many records in several requests', async () => {
  const many = Array.from({ length: 2 * BATCH_RECORDS + 1 }, (_, nth) => record(`r${nth}`, { observedAt: T0 + nth }))
  await outbox.add(many, null)
  await run()
  expect(sent.map(({ length }) => length)).toEqual([BATCH_RECORDS, BATCH_RECORDS, 1])
})

test.each([
  ['no answer', new Error('Failed to fetch'), { problem: 'no_answer', status: null, message: 'Failed to fetch' }],
  ['a busy server', status(503), { problem: 'busy', status: 503, message: null }],
  ['a wrong key', status(401), { problem: 'refused', status: 401, message: null }],
  ['an address that never worked', status(400), { problem: 'refused', status: 400, message: null }],
] as const)('keeps everything on %s, and retries with growing pauses', async (_, given, problem) => {
  answer = () => given
  await outbox.add([record('u', { observedAt: T0, isUrgent: true })], null)
  const first = (await run()) ?? 0
  expect(first).toBe(T0 + 2_500)
  expect(await outbox.ledger()).toMatchObject({ problem: { ...problem, at: T0 }, taken: 0, rejected: 0 })
  now = first
  expect(await run()).toBe(first + 5_000)
  answer = () => taken
  now = first + 5_000
  expect(await run()).toBeNull()
  expect(sent).toEqual([['u'], ['u'], ['u']])
  expect(await outbox.ledger()).toMatchObject({ problem: null, taken: 1 })
})

test('a record that becomes urgent during a request does not wait for the pause after it', async () => {
  await outbox.add([record('a', { observedAt: T0, isUrgent: true })], null)
  answer = () => {
    // The answer takes ten seconds; after five, an urgent record arrives.
    now = T0 + 10_000
    return status(503)
  }
  const arrived = outbox.add([record('late', { observedAt: T0 + 5_000, isUrgent: true })], null)
  const next = outbox.next.bind(outbox)
  jest.spyOn(outbox, 'next').mockImplementationOnce(async () => (await next(9)).filter(({ id }) => id === 'a'))
  expect(await run()).toBe(T0 + 10_000)
  await arrived
  answer = () => taken
  expect(await run()).toBeNull()
  expect(sent).toEqual([['a'], ['a', 'late']])
})

test('waits as long as the collector demands', async () => {
  answer = () => status(429, '120')
  await outbox.add([record('u', { observedAt: T0, isUrgent: true })], null)
  expect(await run()).toBe(T0 + 120_000)
  now = T0 + 60_000
  await outbox.add([record('v', { observedAt: now, isUrgent: true })], null)
  expect(await run()).toBe(T0 + 120_000)
  expect(sent).toHaveLength(1)
})

test('does not resend rejected records, and counts them', async () => {
  answer = () => ({ ...taken, partial: { rejected: 1, message: 'too old' } })
  await outbox.add([record('a', { isUrgent: true }), record('b', { isUrgent: true })], null)
  expect(await run()).toBeNull()
  expect(await outbox.ledger()).toMatchObject({
    taken: 1,
    rejected: 1,
    problem: { problem: 'partial', message: 'too old' },
  })
})

test('finds the one record that the collector cannot read, and loses no other', async () => {
  const names = Array.from({ length: 50 }, (_, nth) => `r${nth}`)
  // The collector has accepted something before.
  await outbox.add([record('first', { isUrgent: true })], null)
  await run()
  answer = (ids) => (ids.includes('r33') ? status(400) : taken)
  await outbox.add(
    names.map((id, nth) => record(id, { observedAt: T0 + nth, isUrgent: true })),
    null,
  )
  for (let turn = 0; turn < 20; turn += 1) now = (await run()) ?? now
  expect((await outbox.waiting()).count).toBe(0)
  expect(await outbox.ledger()).toMatchObject({ taken: 50, rejected: 1 })
})

test('resends under the same ids what a dying worker had sent', async () => {
  await outbox.add([record('a', { isUrgent: true })], null)
  const dying = new Exporter({
    outbox: () => Promise.resolve({ ...outbox, settle: () => Promise.reject(new Error('dead')) }),
    post: () => Promise.resolve(taken),
    now: () => now,
    jitter: () => 0,
  })
  await expect(dying.run(target())).rejects.toThrow('dead')
  await run()
  expect(sent).toEqual([['a']])
})

/** Whatever goes wrong, a collector that recognizes ids receives each record exactly once. */
test('nothing is lost, and every repeat has a known id', async () => {
  const mishap = fc.constantFrom(
    'taken',
    'lost answer',
    'no network',
    '503',
    '429',
    '401',
    'urgent',
  ) as fc.Arbitrary<string>
  await fc.assert(
    fc.asyncProperty(fc.array(mishap, { maxLength: 25 }), async (mishaps) => {
      await outbox.clear()
      now = T0
      const got = new Set<string>()
      let count = 0
      let mishapNow = 'taken'
      answer = (ids) => {
        if (mishapNow === 'no network') return new Error('offline')
        if (/^\d/.test(mishapNow)) return status(Number(mishapNow), mishapNow === '429' ? '60' : null)
        for (const id of ids) got.add(id)
        return mishapNow === 'lost answer' ? new Error('reset') : taken
      }
      for (const each of mishaps) {
        mishapNow = each
        now += 20_000
        await outbox.add([record(`r${count}`, { observedAt: now, isUrgent: each === 'urgent' })], null)
        count += 1
        await run()
      }
      mishapNow = 'taken'
      for (let next = await run(); next !== null; next = await run()) now = Math.max(now, next)
      expect(got.size).toBe(count)
      expect((await outbox.ledger()).taken).toBe(count)
    }),
    { numRuns: 60 },
  )
})
