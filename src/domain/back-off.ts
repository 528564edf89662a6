/**
 * The one back-off: how long to wait before something is tried again, and when to give up. All of it is in the stored state: a
 * worker that dies during an attempt leaves the next attempt to its successor. A page counts in memory, and its count ends with
 * it.
 */

/** The pauses between attempts, in ms: the last one repeats. */
export interface BackOff {
  readonly pauses: readonly [number, ...number[]]
  /** Give up after this long, in ms, but not before this many attempts: a machine that slept has tried nothing meanwhile. */
  readonly giveUp?: { readonly afterMs: number; readonly fewest: number }
  /** Up to half of each pause is taken off at random, and nothing added: for requests that a whole fleet sends to one server. */
  readonly isFleet?: true
}

/** Each pause is twice as long as the one before, up to the longest. Both in ms. */
export function doubling(firstMs: number, longestMs: number): BackOff {
  const pauses: [number, ...number[]] = [Math.min(firstMs, longestMs)]
  for (let pause = 2 * firstMs; pause < 2 * longestMs; pause *= 2) pauses.push(Math.min(pause, longestMs))
  return { pauses }
}

/** The pause after the nth attempt, in ms, without jitter. @param nth how many attempts there were, 1 at least. */
export function pauseAfter({ pauses }: BackOff, nth: number): number {
  return pauses[Math.min(nth, pauses.length) - 1] ?? pauses[0]
}

/**
 * When to try again.
 * @param nth how many attempts there were, 1 at least.
 * @param jitter 0 to 1: agents of a whole floor whose network returns must not all ask at once. 0.5 means exactly the pause; for
 * what a fleet sends, 1 does.
 */
export function nextTry(backOff: BackOff, nth: number, now: number, jitter = 0.5): number {
  const share = backOff.isFleet ? 0.5 + 0.5 * jitter : 0.75 + 0.5 * jitter
  return now + Math.round(pauseAfter(backOff, nth) * share)
}

/** Whether it is time to give up. */
export function isGivenUp({ giveUp }: BackOff, since: number, attempts: number, now: number): boolean {
  return giveUp !== undefined && now - since >= giveUp.afterMs && attempts >= giveUp.fewest
}

/** The same back-off with no pause longer than this, in ms. */
export function atMost({ pauses: [first, ...others], ...rest }: BackOff, longestMs: number): BackOff {
  return { ...rest, pauses: [Math.min(first, longestMs), ...others.map((pause) => Math.min(pause, longestMs))] }
}
