import { guard } from './guard'
import { natives } from './natives'

/** A page that still runs this long after `beforeunload`, without a `pagehide`, was not closed. */
const STAYED_MS = 30_000
/** The last part of it: timers that came due while a dialog was up run before the page has had time to go. */
const GO_MS = 1_000
/** Half of the time that a page gets to go after all, once it seems to stay. */
const SOON_MS = 300

/** Calls back once a page would have gone; `soon` where its tab already shows that it stays. */
export function whenItWouldHaveGone(check: () => void, soon?: boolean): void {
  // Two waits in a row: timers that came due while a dialog was up run first (measured in both browsers).
  natives.setTimeout(
    guard(() => natives.setTimeout(guard(check), soon ? SOON_MS : GO_MS)),
    soon ? SOON_MS : STAYED_MS - GO_MS,
  )
}
