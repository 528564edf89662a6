/** How long a closing page of Chromium is held, so that its request leaves the browser before the browser ends. */

/** What the last answered request of ours to the instance's API has shown of the way there. All times in ms. */
export interface Pace {
  /** From the request to the first of its answer. */
  readonly roundTripMs: number
  /** What a new connection took, the last time that one was needed; null where none was. */
  readonly connectMs: number | null
  /** Whether the request found an open connection. */
  readonly reused: boolean
  /** Whether the connection carries other requests at the same time (HTTP/2 and later): then those of Streams hold it open. */
  readonly shared: boolean
  /** How long the connection may have lain idle before it was found open. */
  readonly idleMs: number
  /** When it was, in ms since the epoch. */
  readonly at: number
}

/**
 * A request that leaves by an open connection needs this: to the network's process, and out. Measured, with some to spare.
 * A busy machine needs more, and its round trips show it: one of them is given on top, up to as much again.
 */
const TO_LEAVE_MS = 40
/** A new connection takes longer at one time than at another: with 50 ms 1 of 6 requests on a busy machine did not leave. */
const AFTER_CONNECT_MS = 100
/** TCP's handshake and that of TLS 1.2, in round trips, where no connection was ever measured. */
const ROUND_TRIPS_TO_CONNECT = 3
/** Where nothing was measured: enough for a new connection at a round trip of 250 ms. */
const UNMEASURED_MS = 600
/** Servers close connections that were idle for longer. */
export const IDLE_MS = 60_000

/** Whether a connection that was found open will still be: it has outlived such a time before, or it is never idle. */
export function isWarm({ reused, shared, idleMs, at }: Pace, now: number): boolean {
  return reused && (shared || now - at <= Math.max(IDLE_MS, idleMs))
}

/** What limits the hold. */
export interface HoldLimits {
  /** What the settings allow, in ms; 0 never holds. */
  readonly holdMs: number
  /** Only the last window's page is held: while another is open, a `keepalive` request outlives its page. */
  readonly lastWindow: boolean
}

/**
 * How long to hold the page, in ms.
 * @param pace null where nothing was measured.
 */
export function holdFor(pace: Pace | null, { holdMs, lastWindow }: HoldLimits, now: number): number {
  return lastWindow ? Math.min(holdMs, neededFor(pace, now)) : 0
}

function neededFor(pace: Pace | null, now: number): number {
  if (pace === null) return UNMEASURED_MS
  if (isWarm(pace, now)) return TO_LEAVE_MS + Math.min(pace.roundTripMs, TO_LEAVE_MS)
  return (pace.connectMs ?? ROUND_TRIPS_TO_CONNECT * pace.roundTripMs) + AFTER_CONNECT_MS
}
