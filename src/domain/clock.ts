/**
 * This machine's clock may be set, by a person or by the network: forward, as after a sleep, or back. What was noted at a
 * time that is still to come was noted before it was set back, and has waited long enough.
 */

/** Clocks of different processes of one machine agree to this, in ms. */
const SAME_CLOCK_MS = 1_000

/** Whether so many ms have passed since a time, or the clock was set back since. */
export function hasPassed(since: number, ms: number, now: number): boolean {
  return now >= since + ms || now < since - SAME_CLOCK_MS
}

/** Whether a wait is over at a moment: `hasPassed` by the clock of now. */
export type Passed = (since: number, ms: number) => boolean

/**
 * The waits that are over at a time. Only the clock of now tells that it was set back: a message bears the time at which
 * it was sent, and may have been under way for long.
 */
export function waitsOver(now: number, isNow: boolean): Passed {
  return isNow ? (since, ms) => hasPassed(since, ms, now) : (since, ms) => now >= since + ms
}

/** When so many ms will have passed since a time: at once, where the clock was set back since. */
export function passesAt(since: number, ms: number, now: number): number {
  return hasPassed(since, ms, now) ? Math.min(since + ms, now) : since + ms
}
