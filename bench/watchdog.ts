/**
 * Simulates a working day with the watchdog in virtual time:
 * `npm run watchdog:day -- --agents 10000 --hours 8 --seed 1 [--json FILE]`. It fails where the goal is missed.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { runDay } from '../test/watchdog/day'
import { costOf, DAYS_A_MONTH, PRICES } from './watchdog/cost'
import { isGoalKept } from './watchdog/figures'
import type { DayReport } from './watchdog/figures'

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      agents: { type: 'string', default: '10000' },
      hours: { type: 'string', default: '8' },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
    },
  })
  const startedAt = Date.now()
  const [agents, hours, seed] = [values.agents, values.hours, values.seed].map(Number) as [number, number, number]
  const onHour = (hour: number): void => {
    console.error(`hour ${hour} of ${hours}, after ${Math.round((Date.now() - startedAt) / 1_000)} s`)
  }
  const intervalMs = 30_000
  const figures = await runDay({ agents, sites: 20, hours, seed, killed: 0.01, failing: 0.1, intervalMs, onHour })
  const dollarsAMonth = costOf({ agents, heartbeats: figures.heartbeats, hours }) * DAYS_A_MONTH
  const report: DayReport = { agents, sites: 20, hours, seed, ...figures, dollarsAMonth }
  console.log(report)
  console.log('List prices, us-east-1:', PRICES, `US dollars for an agent and month: ${dollarsAMonth / agents}`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`)
  const isKept = isGoalKept(report)
  console.log(isKept ? 'The goal is met.' : 'The goal is NOT met.')
  return isKept
}

main().then(
  (isKept) => process.exit(isKept ? 0 : 1),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
