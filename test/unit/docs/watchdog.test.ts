import type { RestFigures } from '../../../bench/rest/figures'
import { costOf, monthOf, ROW_BYTES } from '../../../bench/watchdog/cost'
import type { DayReport } from '../../../bench/watchdog/figures'
import { isGoalKept } from '../../../bench/watchdog/figures'
import { withDaySentence, withWatchdogFigures } from '../../../scripts/figures/watchdog'
import { heartbeat } from '../watchdog/build'
import { read } from './documents'

const day = JSON.parse(read('docs/watchdog-day.json')) as DayReport
const rest = JSON.parse(read('docs/heartbeat-cost.json')) as RestFigures[]

it('the documents have the figures as measured: `npm run docs` writes them', () => {
  const [watchdog, limits] = [read('docs/watchdog.md'), read('docs/limits.md')]
  expect(watchdog).toBe(withWatchdogFigures(watchdog, day, rest))
  expect(limits).toBe(withDaySentence(limits, day))
})

it('the report covers a whole working day of 10,000 agents, and the goal was met', () => {
  expect(day).toMatchObject({ agents: 10_000, hours: 8 })
  expect(isGoalKept(day)).toBe(true)
  expect(isGoalKept({ ...day, p99Ms: 120_001 })).toBe(false)
  expect(isGoalKept({ ...day, wronged: ['n:alice'] })).toBe(false)
})

it('the costs cover both browsers, with and without heartbeats', () => {
  const kinds = rest.map(({ browser, heartbeat: beats }) => [browser, beats !== null])
  expect(kinds).toEqual(['chromium', 'firefox'].flatMap((browser) => [false, true].map((has) => [browser, has])))
})

it('the cost is calculated from list prices, with rows no longer than assumed', () => {
  const item = {
    pk: 'agents#15',
    sk: `n:${'x'.repeat(40)}|m|${'x'.repeat(36)}`,
    seq: 1e6,
    heardAt: 1e13,
    expires: 1e10,
  }
  const said = heartbeat({ agent: `n:${'x'.repeat(40)}`, machine: 'x'.repeat(36), site: 'x'.repeat(20) })
  expect(JSON.stringify({ ...item, heartbeat: JSON.stringify(said) }).length).toBeLessThan(ROW_BYTES)
  // By hand: 211.2 million heartbeats, 42,240 looks of 733 read units, 10,560 sweeps of 105 s.
  const dollars =
    211.2 * 0.825 + ((42_240 * 732.4) / 1e6) * 0.125 + (211.2e6 * 0.015 + 10_560 * 105) * 0.25 * 0.0000133334
  expect(costOf(monthOf(10_000, 30))).toBeCloseTo(dollars, 1)
})
