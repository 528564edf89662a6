import type { LogTimes } from '../../../bench/scale/log'
import { LOG_STEPS } from '../../../bench/scale/log'
import type { StateCosts } from '../../../bench/scale/state'
import { scaleTables } from '../../../bench/scale/table'

const timesOf = (each: number, readAll: number): LogTimes =>
  ({ ...Object.fromEntries(Object.keys(LOG_STEPS).map((step) => [step, each])), readAll }) as LogTimes

const STATE: StateCosts = {
  closes: [10, 1_000],
  closeMs: [2, 3],
  closeBytes: [1_000, 2_000],
  ccps: [1, 20],
  restartBytes: [1_000, 20_000],
  restartWrites: [1, 1],
  profiles: [200, 10_000],
  policyMs: [0.5, 1],
}

it('compares the largest log with the smallest, and with reading all of it', () => {
  const text = scaleTables({
    started: '2026-11-29T00:00:00.000Z',
    processors: 2,
    openings: 5,
    log: { chromium: [timesOf(50, 10), timesOf(75, 400), timesOf(100, 2_000)] },
    state: STATE,
  })
  expect(text).toContain('| the first rows | 50 ms | 75 ms | 100 ms | 2.00 | 0.05 |')
  expect(text).toContain('| a close, after 10 and 1,000 others: time | 2.00 ms | 3.00 ms | 1.50 |')
  expect(text).toContain('| a restart with 1 and 20 CCPs: written | 1 kB | 20 kB | 20.0 |')
})

it('leaves out a step that an older run did not have', () => {
  const { digests, ...older } = timesOf(50, 10)
  const text = scaleTables({
    started: '2026-11-29T00:00:00.000Z',
    processors: 2,
    openings: 5,
    log: { chromium: [older, older, older] as LogTimes[] },
    state: STATE,
  })
  expect(digests).toBe(50)
  expect(text).toContain(LOG_STEPS.upgrade)
  expect(text).not.toContain(LOG_STEPS.digests)
  expect(text).not.toContain('NaN')
})
