/** When a check of a close asks the instance again, and when it gives up. */
import type { BackOff } from './back-off'
import { atMost } from './back-off'
import { LIVE_LIMIT_MS, WAIT_FOR_CONTACT_MS, WORK_LIMIT_MS } from './waiting'

/**
 * How long the background tries where no answer comes: then the entry says that it gave up. A session ends 12 hours after the agent
 * has signed in (AWS re:Post, "How do I troubleshoot agent logouts"), and nobody could set them Offline from here without one.
 */
export const GIVE_UP_MS = 12 * 60 * 60_000
/** But not before so many attempts: a machine that has slept for hours has tried nothing meanwhile. */
export const GIVE_UP_ATTEMPTS = 60
/** The same where Connect has accepted Offline, or denies the caller: the entry waits no longer. */
export const SHORT_GIVE_UP_MS = 30 * 60_000
const FEWEST_ATTEMPTS = 12
/** The last pause of a check, and no pause is longer than that with its jitter. */
const LAST_PAUSE_MS = 300_000
export const LONGEST_MS = 1.25 * LAST_PAUSE_MS

/** Each minute for half an hour, then every five: an outage that has lasted so long ends no sooner for being asked about. */
const LATER = [30_000, ...Array.from({ length: 28 }, () => 60_000), LAST_PAUSE_MS]
/** 2 s with its jitter, for half a minute: most outages are short, and a caller may be offered to the agent meanwhile. */
const EARLY = Array.from({ length: 18 }, () => 1_600)
const SHORT: BackOff = {
  pauses: [1_000, 2_000, 5_000, 10_000, 20_000, ...LATER],
  giveUp: { afterMs: SHORT_GIVE_UP_MS, fewest: FEWEST_ATTEMPTS },
}

const giveUp = { afterMs: GIVE_UP_MS, fewest: GIVE_UP_ATTEMPTS }
/** Where no answer comes. */
export const UNANSWERED: BackOff = { pauses: [1_000, ...EARLY, ...LATER], giveUp }
/**
 * Where somebody answers: Connect that it is busy, for which more requests are no help, or a proxy, which people wait for. The long
 * pauses begin at the same attempt as without an answer, so that an answer never leads into them sooner.
 */
export const ANSWERED: BackOff = {
  pauses: [1_000, 2_000, 5_000, 10_000, ...EARLY.slice(3).map(() => 20_000), ...LATER],
  giveUp,
}
/** Where no answer comes, and Connect has accepted Offline: nothing has contradicted that. */
export const ACCEPTED: BackOff = SHORT
/** Where Connect itself denies the caller: asked as often as Streams does. */
export const DENIED: BackOff = atMost(SHORT, 5_000)
/** While somebody is on the line. */
export const LIVE: BackOff = {
  ...atMost(SHORT, WAIT_FOR_CONTACT_MS),
  giveUp: { afterMs: LIVE_LIMIT_MS, fewest: FEWEST_ATTEMPTS },
}
/** While notes are written after a contact. */
export const WORK: BackOff = { ...LIVE, giveUp: { afterMs: WORK_LIMIT_MS, fewest: FEWEST_ATTEMPTS } }
/** A look that checks a page's report: the entry waits for it. */
export const LOOK: BackOff = { pauses: [1_000, 2_000], giveUp: { afterMs: 0, fewest: 3 } }
