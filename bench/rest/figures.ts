import type { Received } from './receiver'

/** What the background of one browser did while an agent was Available and nothing happened for `seconds`. */
export interface RestFigures {
  readonly browser: 'chromium' | 'firefox'
  readonly seconds: number
  readonly startsAnHour: number
  readonly writesAMinute: number
  readonly runningPercent: number
  /** Null where no heartbeats were sent. */
  readonly heartbeat: HeartbeatFigures | null
}

/** Rates an hour; and bytes of HTTP/1.1 for each heartbeat, preflights included, without TLS. */
export interface HeartbeatFigures {
  readonly anHour: number
  readonly preflightsAnHour: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

/** The figures of the heartbeats that were received within `seconds`. */
export function heartbeatFigures(received: Received, seconds: number): HeartbeatFigures {
  const { heartbeats, preflights, bytesIn, bytesOut } = received
  return {
    anHour: round(perHour(heartbeats, seconds), 0),
    preflightsAnHour: round(perHour(preflights, seconds), 0),
    bytesSent: Math.round(bytesIn / Math.max(1, heartbeats)),
    bytesReceived: Math.round(bytesOut / Math.max(1, heartbeats)),
  }
}

/** Rounds to so many decimals. */
export const round = (value: number, digits: number): number => Number(value.toFixed(digits))

/**
 * How often the background was started.
 * @param looks whether it ran at each check; running at the first is not a start
 */
export function startsIn(looks: readonly boolean[]): number {
  return looks.filter((runs, nth) => nth > 0 && runs && looks[nth - 1] === false).length
}

/** Converts a count within `seconds` to an hourly rate. */
export function perHour(count: number, seconds: number): number {
  return (count * 3_600) / seconds
}
