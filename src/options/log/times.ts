/** The filter by time. */
const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

export const TIME_SPANS = ['any', 'today', 'day', 'week', 'month', 'between'] as const
export type TimeSpan = (typeof TIME_SPANS)[number]

/** From when to when, in ms since the epoch, both included. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const ALL: TimeRange = { from: -Infinity, to: Infinity }
/** A field with minutes means the whole of that minute. */
const MINUTE_MS = 60_000

/**
 * The range that a choice stands for.
 * @param between the texts of the two fields, `2026-11-22T09:30` in this machine's time; empty for no limit.
 */
export function timeRange(span: TimeSpan, between: { from: string; to: string }, now: number): TimeRange {
  switch (span) {
    case 'any':
      return ALL
    case 'today':
      return { ...ALL, from: new Date(now).setHours(0, 0, 0, 0) }
    case 'day':
      return { ...ALL, from: now - DAY_MS }
    case 'week':
      return { ...ALL, from: now - 7 * DAY_MS }
    case 'month':
      return { ...ALL, from: now - 30 * DAY_MS }
    case 'between':
      return { from: read(between.from) ?? ALL.from, to: (read(between.to) ?? ALL.to) + MINUTE_MS - 1 }
  }
}

function read(text: string): number | null {
  const at = text === '' ? NaN : new Date(text).getTime()
  return Number.isNaN(at) ? null : at
}
