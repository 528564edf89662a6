/**
 * A person or the network may set this machine's clock: forward, which looks like a sleep, or back. A time in the future was
 * noted before the clock was set back; whatever waits since then has waited long enough.
 */

/** How closely the clocks of different processes on one machine agree, in ms. */
const SAME_CLOCK_MS = 1_000

/** Whether the clock was set back between two moments that are known to have come in this order. */
export function wasSetBack(first: number, later: number): boolean {
  return later < first - SAME_CLOCK_MS
}

/** Whether this many ms have passed since a time, or the clock was set back since. */
export function hasPassed(since: number, ms: number, now: number): boolean {
  return now >= since + ms || wasSetBack(since, now)
}

/** Longer than a message of a living page is under way, in ms: a repeated message bears a new time. */
const UNDER_WAY_MS = 10 * 60_000

/**
 * Whether a living page has sent a message after a moment: a message with a much earlier time was written by a clock that was set
 * back since.
 */
export function isSaidAfter(at: number, moment: number): boolean {
  return at > moment || at < moment - UNDER_WAY_MS
}

/** Whether a wait is over, by `hasPassed` at a fixed moment. */
export type Passed = (since: number, ms: number) => boolean

/**
 * The waits that are over at a time. Only the current time can show that the clock was set back: a message bears the time at
 * which it was sent, and may have taken long to arrive.
 * @param isNow whether `now` is the current time.
 */
export function waitsOver(now: number, isNow: boolean): Passed {
  return isNow ? (since, ms) => hasPassed(since, ms, now) : (since, ms) => now >= since + ms
}

/** When this many ms will have passed since a time: at once, where the clock was set back since. */
export function passesAt(since: number, ms: number, now: number): number {
  return hasPassed(since, ms, now) ? Math.min(since + ms, now) : since + ms
}
