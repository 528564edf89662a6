/** What the watchdog costs, by AWS's list prices. */

/**
 * US dollars in us-east-1, for a million DynamoDB write and read units on demand, a million Lambda calls, and a
 * GB-second on ARM.
 */
export const PRICES = { writes: 0.625, reads: 0.125, calls: 0.2, gbSecond: 0.0000133334 } as const
export const DAYS_A_MONTH = 22
export const HOURS_A_DAY = 8
/** How long ingest runs for a heartbeat. Assumed, not measured. */
export const INGEST_SECONDS = 0.015
const MEMORY_GB = 0.25
/** The largest size of a machine's row in the table. A test calculates it. */
export const ROW_BYTES = 600
/** How much one read unit reads, eventually consistent. */
const READ_UNIT_BYTES = 8_192
/** How long a sweep runs, of which one starts each minute, and how often the sweeps together look, in seconds. */
const SWEEP_SECONDS = 105
const LOOK_SECONDS = 15

export interface Usage {
  readonly agents: number
  readonly heartbeats: number
  readonly hours: number
}

/** The cost of this usage in US dollars. Preflights are neglected, since browsers cache their answers. */
export function costOf({ agents, heartbeats, hours }: Usage): number {
  const looks = (hours * 3_600) / LOOK_SECONDS
  const readUnits = (looks * agents * ROW_BYTES) / READ_UNIT_BYTES
  const millions = (count: number, price: number): number => (count / 1e6) * price
  const seconds = heartbeats * INGEST_SECONDS + hours * 60 * SWEEP_SECONDS
  return (
    millions(heartbeats, PRICES.writes + PRICES.calls) +
    millions(readUnits, PRICES.reads) +
    seconds * MEMORY_GB * PRICES.gbSecond
  )
}

/**
 * The usage in a month with so many agents who are Available all the time.
 * @param intervalSeconds between two heartbeats
 */
export function monthOf(agents: number, intervalSeconds: number): Usage {
  const hours = HOURS_A_DAY * DAYS_A_MONTH
  return { agents, hours, heartbeats: (agents * hours * 3_600) / intervalSeconds }
}
