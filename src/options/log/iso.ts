/** The furthest moment that a date can be, in ms from the epoch. */
const LAST_MS = 8.64e15

/** A moment as ISO 8601 in UTC; null without one, and where a page has given something that is not a time. */
export function isoTime(at: number | null | undefined): string | null {
  return typeof at === 'number' && Math.abs(at) <= LAST_MS ? new Date(at).toISOString() : null
}
