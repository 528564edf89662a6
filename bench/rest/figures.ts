import type { Received } from './receiver'

/** What the background of one browser did while an agent was Available for so many seconds. */
export interface RestFigures {
  readonly browser: 'chromium' | 'firefox'
  readonly seconds: number
  readonly startsAnHour: number
  readonly writesAMinute: number
  readonly runningPercent: number
  /** null where no heartbeats were asked for. */
  readonly heartbeat: HeartbeatFigures | null
}

/** Bytes of HTTP/1.1 for each heartbeat, preflights included, without TLS. */
export interface HeartbeatFigures {
  readonly anHour: number
  readonly preflightsAnHour: number
  readonly bytesSent: number
  readonly bytesReceived: number
}

export function heartbeatFigures(received: Received, seconds: number): HeartbeatFigures {
  const { heartbeats, preflights, bytesIn, bytesOut } = received
  return {
    anHour: round(perHour(heartbeats, seconds), 0),
    preflightsAnHour: round(perHour(preflights, seconds), 0),
    bytesSent: Math.round(bytesIn / Math.max(1, heartbeats)),
    bytesReceived: Math.round(bytesOut / Math.max(1, heartbeats)),
  }
}

export const round = (value: number, digits: number): number => Number(value.toFixed(digits))

/** How often the background was started, by whether it ran at each look; the one that runs at the first is not counted. */
export function startsIn(looks: readonly boolean[]): number {
  return looks.filter((runs, nth) => nth > 0 && runs && looks[nth - 1] === false).length
}

/** What so many in so many seconds are in an hour. */
export function perHour(count: number, seconds: number): number {
  return (count * 3_600) / seconds
}
