/** When the outbox is sent: in batches, at once where an agent may be left Available, and less often while sending fails. */
import type { BackOff } from '../back-off'
import { doubling, nextTry } from '../back-off'

/** A record waits this long for others: a close, its flag and what follows make one request. */
export const BATCH_MS = 30_000
/** This many records do not wait for more. */
export const BATCH_RECORDS = 200
/** Weeks of a busy machine's work, and some ten megabytes: the oldest beyond it are dropped. */
export const MAX_RECORDS = 5_000
/** Collectors, and the stores behind them, refuse older records, or file them where nobody looks. */
export const MAX_AGE_MS = 7 * 24 * 60 * 60_000
const FIRST_BACKOFF_MS = 5_000
const MAX_BACKOFF_MS = 10 * 60_000
const FAILED: BackOff = { ...doubling(FIRST_BACKOFF_MS, MAX_BACKOFF_MS), isFleet: true }
/** A longer pause is not believed: the server may have meant a date of another clock. */
const MAX_RETRY_AFTER_MS = 24 * 60 * 60_000

/** The records that wait. */
export interface Waiting {
  readonly count: number
  /** When the oldest was noted, in ms since the epoch. */
  readonly oldestAt: number
  /** When the newest urgent record was noted, or null. */
  readonly urgentAt: number | null
}

/** The history of sending. All times in ms since the epoch. */
export interface SendingState {
  /** How often sending has failed in a row. */
  readonly failures: number
  /** When the last batch was taken from the outbox: records noted since have never been tried. */
  readonly lastAttemptAt: number | null
  /** Not before this, by the exporter's own back-off. */
  readonly backoffUntil: number | null
  /** Not before this, as the collector has asked. */
  readonly retryAfterUntil: number | null
}

export const NEVER_SENT: SendingState = { failures: 0, lastAttemptAt: null, backoffUntil: null, retryAfterUntil: null }

/** When to send next, in ms since the epoch; null where nothing waits. */
export function nextSending(waiting: Waiting, sending: SendingState, now: number): number | null {
  const { count, oldestAt, urgentAt } = waiting
  if (count === 0) return null
  const { lastAttemptAt, backoffUntil, retryAfterUntil } = sending
  const wanted = urgentAt !== null || count >= BATCH_RECORDS ? now : oldestAt + BATCH_MS
  // A record that was never tried does not wait for the back-off, only for the collector.
  const isNew = urgentAt !== null && (lastAttemptAt === null || urgentAt > lastAttemptAt)
  const until = Math.max(isNew ? 0 : (backoffUntil ?? 0), retryAfterUntil ?? 0)
  // A clock that was set back must not stop sending for longer than any pause.
  const latest = now + (retryAfterUntil === null ? MAX_BACKOFF_MS : MAX_RETRY_AFTER_MS)
  return Math.min(Math.max(wanted, until), latest)
}

/**
 * After a failure: twice the pause each time, half of it random, so that a fleet does not return all at once.
 * @param startedAt when the batch was taken from the outbox.
 * @param jitter from 0 to 1.
 * @param retryAfterMs the pause that the collector asks for; null where it does not.
 */
export function afterFailure(
  { failures }: SendingState,
  { now, startedAt, jitter, retryAfterMs }: Failure,
): SendingState {
  return {
    failures: failures + 1,
    lastAttemptAt: startedAt,
    backoffUntil: nextTry(FAILED, failures + 1, now, jitter),
    // Machines that got the same answer do not return in the same moment.
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
