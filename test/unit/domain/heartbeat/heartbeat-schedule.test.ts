import * as fc from 'fast-check'
import type { Presence } from '../../../../src/domain/heartbeat/presence'
import { goneFor } from '../../../../src/domain/heartbeat/presence'
import { afterFailure, afterTaken, nextBeat } from '../../../../src/domain/heartbeat/heartbeat-schedule'
import { refusalOf } from '../../../../src/domain/heartbeat/heartbeat-status'
import { INSTANCE, T0 } from '../build'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

const INTERVAL = 30_000
const there = (values: Partial<Presence> = {}): Presence => ({
  ...goneFor(`${INSTANCE}/ada`, INSTANCE, 'ada'),
  isAvailable: true,
  state: { name: 'Available', since: T0 },
  ccps: 1,
  ...values,
})
const flag = { why: 'close', closeId: 'close-1', since: T0 } as const
const failure = (now: number, jitter = 1, isRefused = false) => ({ isRefused, jitter, intervalMs: INTERVAL, now })

it('is due at once when an agent becomes Available, and then at each interval', () => {
  expect(nextBeat(there(), null, INTERVAL, T0)).toBe(T0)
  const beat = afterTaken(there(), T0)
  expect(nextBeat(there(), beat, INTERVAL, T0 + 1_000)).toBe(T0 + INTERVAL)
  expect(nextBeat(there({ isAvailable: false }), beat, INTERVAL, T0 + 1_000)).toBe(T0 + 1_000)
})

it('is not due earlier when another snapshot shifts the start slightly', () => {
  const beat = afterTaken(there(), T0)
  const again = there({ state: { name: 'Available', since: T0 + 400 } })
  expect(nextBeat(again, beat, INTERVAL, T0 + 1_000)).toBe(T0 + INTERVAL)
})

it('pauses for an agent who is not Available, until that changes', () => {
  const lunch = there({ isAvailable: false, state: { name: 'Lunch', since: T0 } })
  expect(nextBeat(lunch, afterTaken(lunch, T0), INTERVAL, T0 + 9_000_000)).toBeNull()
  expect(nextBeat(there(), afterTaken(lunch, T0), INTERVAL, T0 + 5)).toBe(T0 + 5)
})

it('asks every two minutes what was done about a flagged close', () => {
  const left = there({ ccps: 0, flag })
  expect(nextBeat(left, afterTaken(left, T0), INTERVAL, T0)).toBe(T0 + 120_000)
})

it('is retried within 5 s, then with a back-off, and never later than the next regular one', () => {
  let beat = afterFailure(there(), null, failure(T0))
  const pauses: number[] = []
  for (let now = T0; pauses.length < 6;) {
    const next = nextBeat(there(), beat, INTERVAL, now) ?? Infinity
    pauses.push(next - now)
    now = next
    beat = afterFailure(there(), beat, failure(now))
  }
  expect(pauses).toEqual([4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
})

it('is due at once when its content changes, however often the last one has failed', () => {
  const beat = afterFailure(there({ isAvailable: false }), null, failure(T0))
  expect(nextBeat(there(), beat, INTERVAL, T0 + 1)).toBe(T0 + 1)
})

it('is delayed by at most ten minutes, whatever was refused and however the clock was set', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.integer({ min: -86_400_000, max: 86_400_000 }),
      (times, jitter, isRefused, clock) => {
        let beat = afterFailure(there(), null, failure(T0, jitter, isRefused))
        for (let nth = 1; nth < times; nth += 1) beat = afterFailure(there(), beat, failure(T0, jitter, isRefused))
        const now = T0 + clock
        const next = nextBeat(there(), beat, INTERVAL, now) ?? Infinity
        expect(next - now).toBeLessThanOrEqual(600_000)
        const regular = nextBeat(there(), afterTaken(there(), T0), INTERVAL, now) ?? Infinity
        expect(regular - now).toBeLessThanOrEqual(INTERVAL)
      },
    ),
  )
})

it.each([
  [{ watchdogSecret: '', agentIdentity: 'user_name', agentHashKey: '' }, 'no_secret'],
  [{ watchdogSecret: 'with space', agentIdentity: 'user_name', agentHashKey: '' }, 'no_secret'],
  [{ watchdogSecret: 'schlüssel', agentIdentity: 'user_name', agentHashKey: '' }, 'no_secret'],
  [{ watchdogSecret: 's', agentIdentity: 'nothing', agentHashKey: 'k' }, 'no_identity'],
  [{ watchdogSecret: 's', agentIdentity: 'hash', agentHashKey: '' }, 'no_hash_key'],
  [{ watchdogSecret: 's', agentIdentity: 'hash', agentHashKey: 'k' }, null],
  [{ watchdogSecret: 's', agentIdentity: 'user_name', agentHashKey: '' }, null],
] as const)('%j: %s', (settings, refusal) => {
  expect(refusalOf(settings)).toBe(refusal)
})
