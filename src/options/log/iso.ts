/** The furthest moment that a date can be, in ms from the epoch. */
const LAST_MS = 8.64e15

/** A moment as ISO 8601 in UTC; null for none, and for what a page told as one and is none. */
export function isoTime(at: number | null | undefined): string | null {
  return typeof at === 'number' && Math.abs(at) <= LAST_MS ? new Date(at).toISOString() : null
}
