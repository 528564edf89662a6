/** When a heartbeat about an agent is due: at once when something has changed, then each interval while they take contacts. */
import { doubling, nextTry } from '../back-off'
import type { Presence } from './presence'

/** No interval may be longer, in ms. */
const MAX_INTERVAL_MS = 10 * 60_000
/** A failed attempt is repeated after this long at most, in ms; after each further failure, twice as long. */
const FIRST_RETRY_MS = 4_000
/** While a close is flagged, an answer may say what the watchdog did about it: a heartbeat asks this often, in ms. */
const FLAGGED_MS = 2 * 60_000

/** The history of the heartbeats about one agent. Times are ms since the epoch, by this machine's clock. */
export interface Beat {
  readonly instance: string
  readonly username: string
  /** What the watchdog last took, and what was last tried, by `gistOf`; null before that. */
  readonly taken: string | null
  readonly tried: string | null
  readonly lastAt: number
  readonly failures: number
  /** When a failed attempt is repeated; null where none failed. */
  readonly retryAt: number | null
}

/** The parts of a heartbeat whose change is worth another one. A state's start moves with each snapshot, and is left out. */
export function gistOf({ isAvailable, state, ccps, flag }: Presence): string {
  return JSON.stringify([isAvailable, state.name, ccps, flag?.closeId ?? null])
}

/**
 * When the next heartbeat is due, in ms since the epoch; null: when something changes.
 * @param beat null where there was none yet.
 */
export function nextBeat(presence: Presence, beat: Beat | null, intervalMs: number, now: number): number | null {
  if (beat === null || beat.tried !== gistOf(presence)) return now
  const regularMs = regularMsOf(presence, intervalMs)
  const isToRepeat = beat.retryAt !== null || regularMs !== null
  // The clock was set back: nobody knows how long ago the last attempt was.
  if (isToRepeat && beat.lastAt > now) return now
  return beat.retryAt ?? (regularMs === null ? null : beat.lastAt + regularMs)
}

export function afterTaken(presence: Presence, now: number): Beat {
  const gist = gistOf(presence)
  const { instance, username } = presence
  return { instance, username, taken: gist, tried: gist, lastAt: now, failures: 0, retryAt: null }
}

/**
 * The schedule after a failure.
 * @param isRefused the watchdog does not take the heartbeat: only a person can mend that.
 * @param jitter from 0 to 1, random: machines must not return all at once.
 */
export function afterFailure(
  presence: Presence,
  beat: Beat | null,
  { isRefused, jitter, intervalMs, now }: Failure,
): Beat {
  const { instance, username } = presence
  const gist = gistOf(presence)
  const failures = (beat?.tried === gist ? beat.failures : 0) + 1
  const longest = isRefused ? MAX_INTERVAL_MS : (regularMsOf(presence, intervalMs) ?? MAX_INTERVAL_MS)
  const retryAt = nextTry({ ...doubling(FIRST_RETRY_MS, longest), isFleet: true }, failures, now, jitter)
  return { instance, username, taken: beat?.taken ?? null, tried: gist, lastAt: now, failures, retryAt }
}

interface Failure {
  readonly isRefused: boolean
  readonly jitter: number
  readonly intervalMs: number
  readonly now: number
}

function regularMsOf({ isAvailable, ccps, flag }: Presence, intervalMs: number): number | null {
  if (isAvailable && ccps > 0) return intervalMs
  return flag === null ? null : Math.max(intervalMs, FLAGGED_MS)
}
