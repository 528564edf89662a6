import * as fc from 'fast-check'
import type { SendingState, Waiting } from '../../../../src/domain/fleet/send-schedule'
import {
  afterFailure,
  afterSuccess,
  BATCH_MS,
  BATCH_RECORDS,
  NEVER_SENT,
  nextSending,
} from '../../../../src/domain/fleet/send-schedule'
import { PROPERTY_MS } from '../../../property-time'

jest.setTimeout(PROPERTY_MS)

const NOW = 1_000_000_000
const waiting = (change: Partial<Waiting> = {}): Waiting => ({ count: 1, oldestAt: NOW, urgentAt: null, ...change })
const failed = (change: Partial<SendingState> = {}): SendingState => ({
  failures: 1,
  lastAttemptAt: NOW - 1_000,
  backoffUntil: NOW + 60_000,
  retryAfterUntil: null,
  ...change,
})

describe('the next transmission', () => {
  test('is not due while the outbox is empty', () => {
    expect(nextSending(waiting({ count: 0 }), NEVER_SENT, NOW)).toBeNull()
  })

  test('waits for more records', () => {
    expect(nextSending(waiting({ oldestAt: NOW - 10_000 }), NEVER_SENT, NOW)).toBe(NOW - 10_000 + BATCH_MS)
  })

  test('does not wait if there are enough records, or an urgent one', () => {
    expect(nextSending(waiting({ count: BATCH_RECORDS }), NEVER_SENT, NOW)).toBe(NOW)
    expect(nextSending(waiting({ urgentAt: NOW }), NEVER_SENT, NOW)).toBe(NOW)
  })

  test('comes after the pause that follows a failure', () => {
    expect(nextSending(waiting({ oldestAt: 0 }), failed(), NOW)).toBe(NOW + 60_000)
  })

  test('of a new urgent record ignores our back-off, but not the collector’s Retry-After', () => {
    expect(nextSending(waiting({ urgentAt: NOW }), failed(), NOW)).toBe(NOW)
    expect(nextSending(waiting({ urgentAt: NOW - 5_000 }), failed(), NOW)).toBe(NOW + 60_000)
    expect(nextSending(waiting({ urgentAt: NOW }), failed({ retryAfterUntil: NOW + 9_000 }), NOW)).toBe(NOW + 9_000)
  })

  test('comes even if the clock was set back by a year', () => {
    const year = 365 * 24 * 60 * 60_000
    expect(nextSending(waiting({ oldestAt: NOW + year }), failed({ backoffUntil: NOW + year }), NOW)).toBe(
      NOW + 600_000,
    )
  })
})

describe('after a failure', () => {
  test('each pause is twice the previous one, up to ten minutes, minus up to half of it at random', () => {
    fc.assert(
      fc.property(fc.nat({ max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, jitter) => {
        const next = afterFailure({ ...NEVER_SENT, failures }, { now: NOW, startedAt: NOW, jitter, retryAfterMs: null })
        const whole = Math.min(600_000, 5_000 * 2 ** failures)
        expect(next.failures).toBe(failures + 1)
        expect((next.backoffUntil ?? 0) - NOW).toBeGreaterThanOrEqual(whole / 2)
        expect((next.backoffUntil ?? 0) - NOW).toBeLessThanOrEqual(whole)
      }),
    )
  })

  test('the collector’s Retry-After applies, up to a day', () => {
    const at = (retryAfterMs: number) =>
      afterFailure(NEVER_SENT, { now: NOW, startedAt: NOW, jitter: 0, retryAfterMs }).retryAfterUntil ?? 0
    expect(at(120_000)).toBe(NOW + 120_000)
    expect(at(1e12)).toBe(NOW + 24 * 60 * 60_000)
  })

  test('a success resets everything', () => {
    expect(afterSuccess(NOW)).toEqual({ ...NEVER_SENT, lastAttemptAt: NOW })
  })
})
