import { ratio } from '../judge/statistics'
import type { Contender } from '../matrix/cell'
import type { ProcessUse } from './processes'
import type { Received } from './receiver'

/** The trivial extension is `keepalive`, which only sends one request at a close. */
export const REST_CONTENDERS = ['none', 'keepalive', 'aws-snippet', 'signoff'] as const satisfies readonly Contender[]
export type RestContender = (typeof REST_CONTENDERS)[number]

/** What a whole browser uses at rest. */
export interface UseAtRest {
  /** Processor time, in ms a minute. */
  readonly processorMs: number
  /** Sent to the disk, in kB a minute. */
  readonly writtenKb: number
  /** Memory at the end, in MB. */
  readonly memoryMb: number
}

/** What was used between two counts, `seconds` apart. */
export function usedBetween(before: ProcessUse, after: ProcessUse, seconds: number): UseAtRest {
  const aMinute = (count: number): number => perHour(count, seconds) / 60
  return {
    processorMs: round(aMinute(after.processorMs - before.processorMs), 0),
    writtenKb: round(aMinute(after.writtenBytes - before.writtenBytes) / 1_000, 0),
    memoryMb: round(after.memoryBytes / 1_000_000, 0),
  }
}

/** Uses as lines of text: each as a figure, and beside that of a browser without an extension. */
export function linesOf(uses: Readonly<Record<RestContender, UseAtRest>>): readonly string[] {
  return REST_CONTENDERS.map((contender) => {
    const figure = (part: keyof UseAtRest, unit: string): string => {
      const times = ratio(uses[contender][part], uses.none[part])
      return `${uses[contender][part]} ${unit} (${times === null ? '–' : `${times.toFixed(2)} times`})`
    }
    const figures = [
      `processor ${figure('processorMs', 'ms a minute')}`,
      `disk ${figure('writtenKb', 'kB a minute')}`,
      `memory ${figure('memoryMb', 'MB')}`,
    ]
    return `${contender.padEnd(12)} ${figures.join('; ')}`
  })
}

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
