import type { DayFigures } from '../../test/watchdog/day'

/** A simulated day, in the format of docs/watchdog-day.json. */
export interface DayReport extends DayFigures {
  readonly agents: number
  readonly sites: number
  readonly hours: number
  readonly seed: number
  readonly dollarsAMonth: number
}

/**
 * Whether a day met the goal: agents are Offline in time, nobody
 * else is affected, and at most one call of a kind a second.
 */
export function isGoalKept(day: DayFigures): boolean {
  return (
    day.judged > 0 &&
    day.setOffline === day.judged &&
    day.p99Ms <= 120_000 &&
    day.maxMs <= 180_000 &&
    day.leftAvailable === 0 &&
    day.wronged.length === 0 &&
    day.touchedWithoutNetwork === 0 &&
    day.mostCallsInASecond <= 1
  )
}
