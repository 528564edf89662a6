import type { DayFigures } from '../../test/watchdog/day'

/** A simulated day, as docs/watchdog-day.json has it. */
export interface DayReport extends DayFigures {
  readonly agents: number
  readonly sites: number
  readonly hours: number
  readonly seed: number
  readonly dollarsAMonth: number
}

/** What is promised of a day: the times in which agents are set Offline, that nobody is harmed, and the pace of calls. */
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
