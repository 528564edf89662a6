/** When the outbox is sent: in batches, at once where somebody may be left Available, and less often while it fails. */
import type { BackOff } from '../back-off'
import { doubling, nextTry } from '../back-off'

/** A record waits this long for others: a close, its flag and what follows are one request. */
export const BATCH_MS = 30_000
/** So many do not wait for more. */
export const BATCH_RECORDS = 200
/** Weeks of a busy machine's work, and some ten megabytes: the oldest beyond it are dropped. */
export const MAX_RECORDS = 5_000
/** Collectors and what is behind them refuse what is older, or file it where nobody looks. */
export const MAX_AGE_MS = 7 * 24 * 60 * 60_000
const FIRST_BACKOFF_MS = 5_000
const MAX_BACKOFF_MS = 10 * 60_000
const FAILED: BackOff = { ...doubling(FIRST_BACKOFF_MS, MAX_BACKOFF_MS), isFleet: true }
/** A server that wants more than a day is not believed: it may have meant a date of another clock. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000

/** What waits. */
export interface Waiting {
  readonly count: number
  /** When the oldest was noted, in ms since the epoch. */
  readonly oldestAt: number
  /** When the newest that does not wait was noted, or null. */
  readonly urgentAt: number | null
}

/** How sending has gone. All times in ms since the epoch. */
export interface SendingState {
  /** How often it has failed since it last did not. */
  readonly failures: number
  /** When what was last sent was taken from the outbox: what has been noted since has never been tried. */
  readonly lastAttemptAt: number | null
  /** Not before this, by our own choice. */
  readonly backoffUntil: number | null
  /** Not before this, by the collector's word. */
  readonly retryAfterUntil: number | null
}

export const NEVER_SENT: SendingState = { failures: 0, lastAttemptAt: null, backoffUntil: null, retryAfterUntil: null }

/** When to send next, in ms since the epoch; null where nothing waits. */
export function nextSending(waiting: Waiting, sending: SendingState, now: number): number | null {
  const { count, oldestAt, urgentAt } = waiting
  if (count === 0) return null
  const { lastAttemptAt, backoffUntil, retryAfterUntil } = sending
  const wanted = urgentAt !== null || count >= BATCH_RECORDS ? now : oldestAt + BATCH_MS
  // A record that was never tried does not wait for our own back-off, only for the collector's.
  const isNew = urgentAt !== null && (lastAttemptAt === null || urgentAt > lastAttemptAt)
  const until = Math.max(isNew ? 0 : (backoffUntil ?? 0), retryAfterUntil ?? 0)
  // A clock that was set back must not stop it for longer than any pause.
  const latest = now + (retryAfterUntil === null ? MAX_BACKOFF_MS : MAX_RETRY_AFTER_MS)
  return Math.min(Math.max(wanted, until), latest)
}

/**
 * After a failure: twice the pause each time, half of it by chance, so that a fleet does not come back all at once.
 * @param startedAt when what was sent was taken from the outbox.
 * @param jitter from 0 to 1.
 * @param retryAfterMs what the collector asks for; null where it does not.
 */
export function afterFailure(
  { failures }: SendingState,
  { now, startedAt, jitter, retryAfterMs }: Failure,
): SendingState {
  return {
    failures: failures + 1,
    lastAttemptAt: startedAt,
    backoffUntil: nextTry(FAILED, failures + 1, now, jitter),
    // The machines that were told the same do not come back in the same moment.
    retryAfterUntil:
      retryAfterMs === null ? null : now + Math.min(MAX_RETRY_AFTER_MS, retryAfterMs) + jitter * FIRST_BACKOFF_MS,
  }
}

interface Failure {
  readonly now: number
  readonly startedAt: number
  readonly jitter: number
  readonly retryAfterMs: number | null
}

export function afterSuccess(now: number): SendingState {
  return { ...NEVER_SENT, lastAttemptAt: now }
}
