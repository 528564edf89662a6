/**
 * Which of two moments came first, where this machine's clock may have been set back between them: the later moment then has the
 * earlier time. `clock.ts` has the same for waits.
 */
import { hasPassed } from '../clock'

/** Whether the clock was set back between two moments that are known to have come in this order. */
export function wasSetBack(first: number, later: number): boolean {
  // An infinite wait passes only where the clock was set back.
  return hasPassed(first, Infinity, later)
}

/** Longer than a message of a living page is under way, in ms: a repeated message bears a new time. */
const REQUEST_UNDER_WAY_MS = 10 * 60_000

/**
 * Whether a living page has sent a message after a moment: a message with a much earlier time was written by a clock that was set
 * back since.
 */
export function isSaidAfter(at: number, moment: number): boolean {
  return at > moment || at < moment - REQUEST_UNDER_WAY_MS
}
