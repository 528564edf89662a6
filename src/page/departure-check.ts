import { guard } from './guard'
import { natives } from './natives'

/** A page that still runs this long after `beforeunload`, with no `pagehide` since, was not closed. */
const STAYED_MS = 30_000
/** The last part of it: what came due while a dialog was up runs before the page has had the time to go. */
const GO_MS = 1_000
/** Half of what a page is given to go after all, once it seems to stay. */
const SOON_MS = 300

/** Calls back once a page would have gone: `soon` where its tab shows already that nothing comes of it. */
export function whenItWouldHaveGone(check: () => void, soon?: boolean): void {
  // Two waits in a row: what came due while a dialog was up runs first.
  natives.setTimeout(
    guard(() => natives.setTimeout(guard(check), soon ? SOON_MS : GO_MS)),
    soon ? SOON_MS : STAYED_MS - GO_MS,
  )
}
