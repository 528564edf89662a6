/** What ended the documents of a close. */
import type { ClosingReport } from '../close-report'
import type { Cause } from '../log-entry'
import type { PendingClose } from './closes'
import { offlineWhileOpenOf } from './close-facts'

/** What ended the documents; null while nothing has shown it. */
export function causeOf(close: PendingClose): Cause | null {
  const docs = close.documents
  const away = offlineWhileOpenOf(close)
  if (away !== null) return away
  const removed = docs.find((doc) => doc.tabRemoved !== null)?.tabRemoved
  if (docs.some((doc) => doc.gone?.by === 'run_ended')) return 'browser_ended'
  if (removed) return removed.windowClosing ? 'window_closed' : 'tab_closed'
  if (docs.every((doc) => doc.stayedAt !== null && doc.gone === null)) return 'stayed'
  if (docs.some(({ closing }) => closing !== null && isLogout(closing.report))) return 'logged_out'
  if (docs.some((doc) => doc.successor === 'reload' || doc.closing?.report.hint === 'reload')) return 'reloaded'
  if (docs.some((doc) => doc.successor === 'navigation')) return 'navigated_away'
  // Reported in an earlier run, in which nothing was left to observe more.
  if (docs.some((doc) => doc.orphanedAt !== null && doc.gone !== null)) return 'browser_ended'
  return null
}

/** A log-out is held as an event of its own, however it is made; or Streams loads the page again after one. */
function isLogout({ event, hint }: ClosingReport): boolean {
  return event === 'logout' || hint === 'logout' || hint === 'terminated'
}

/** The cause to assume where the settling time has shown none. */
export function likelyCause(close: PendingClose): Cause {
  const docs = close.documents
  if (docs.every((doc) => doc.closing === null && doc.gone?.by !== 'pagehide')) {
    // A page that is closed gets an unload event; without one, its process died. Where the background did not see the page go,
    // its report may have been lost instead.
    return docs.some((doc) => doc.gone?.by === 'no_answer') ? 'unknown' : 'crashed'
  }
  // A frame that its parent removes gets `pagehide` alone; a frame whose page is left gets `beforeunload` first.
  if (docs.every((doc) => doc.framed && doc.closing?.report.event === 'pagehide')) return 'frame_removed'
  return 'navigated_away'
}
