/**
 * Which of two moments came first, where this machine's clock may have been set back between them: the later one bears the
 * earlier time then. `clock.ts` has the same for waits.
 */
import { hasPassed } from '../clock'

/** Whether the clock was set back between two moments of which it is known that they came in this order. */
export function wasSetBack(first: number, later: number): boolean {
  // Nothing else ends a wait that has no end.
  return hasPassed(first, Infinity, later)
}

/** Longer than anything that a living page says is under way, in ms: it bears a new time whenever it is said again. */
const UNDER_WAY_MS = 10 * 60_000

/** Whether a living page has said something after a moment: what bears a time of long before it does not come that late. */
export function isSaidAfter(at: number, moment: number): boolean {
  return at > moment || at < moment - UNDER_WAY_MS
}
