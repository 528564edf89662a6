/** How long a closing page of Chromium is held, so that its request leaves the browser before the browser ends. */

/** What the last answered request to the instance's API has shown of the network path. All times in ms. */
export interface NetworkTiming {
  /** From the request to the first of its answer. */
  readonly roundTripMs: number
  /** How long the last new connection took; null where none was needed. */
  readonly connectMs: number | null
  /** Whether the request found an open connection. */
  readonly reused: boolean
  /** Whether the connection carries other requests at the same time (HTTP/2 and later): then those of Streams hold it open. */
  readonly shared: boolean
  /** When it was, in ms since the epoch. */
  readonly at: number
  /** Whether a request was ever in need of a new connection, but for the page's first. */
  readonly goesCold: boolean
  /** How many requests have found an open one, but for the page's first. */
  readonly timesOpen: number
  /** Since when a request is under way that opens a connection, in ms since the epoch. */
  readonly openingSince?: number
}

/**
 * What a request needs to leave by an open connection: to the network's process, and out. Measured, with some to spare. A busy
 * machine needs more, as its round trips show: one of them is added, up to as much again.
 */
const TO_LEAVE_MS = 40
/** New connections vary: with 50 ms, 1 of 6 requests on a busy machine did not leave. */
const AFTER_CONNECT_MS = 100
/** TCP's handshake and that of TLS 1.2, in round trips, where no connection was ever measured. */
const ROUND_TRIPS_TO_CONNECT = 3
/** Where nothing was measured: enough for a new connection at a round trip of 250 ms. */
const UNMEASURED_MS = 600
/** Servers close connections that were idle for longer. */
const IDLE_MS = 60_000
/**
 * How many requests have to find an open connection before it is taken for one that stays open: Streams may have used it a moment
 * before, every half minute, which the page does not see.
 */
const OPEN_TIMES = 3

/**
 * A connection that has just answered stays open for at least this long, in ms: the shortest idle time that is common among
 * servers is 5 s.
 */
const FRESH_MS = 4_000

/** What one request shows. */
export type Measurement = Pick<NetworkTiming, 'roundTripMs' | 'connectMs' | 'reused' | 'shared' | 'at'>

/** Whether a connection is open: it is never idle, stays open, or has just answered. */
export function isWarm({ reused, shared, at, goesCold, timesOpen }: NetworkTiming, now: number): boolean {
  if (shared) return reused
  const age = now - at
  if (goesCold) return age <= FRESH_MS
  return reused && (timesOpen >= OPEN_TIMES || age <= IDLE_MS)
}

/** Whether it is still to be found out if the server closes the connection when it is idle. */
export function isUndecided(timing: NetworkTiming | null): boolean {
  return timing !== null && !timing.shared && !timing.goesCold && timing.timesOpen < OPEN_TIMES
}

/** Whether the connection has to be reopened before a close: it goes cold, is cold now, and is not being opened. */
export function needsWarmUp(timing: NetworkTiming | null, now: number): boolean {
  if (timing === null || timing.shared || !timing.goesCold || isWarm(timing, now)) return false
  return timing.openingSince === undefined || now - timing.openingSince > FRESH_MS
}

/** The timing after a further measurement. */
export function withMeasured(known: NetworkTiming | null, measured: Measurement, isFirst: boolean): NetworkTiming {
  const { reused, shared } = measured
  const { goesCold = false, timesOpen = 0, connectMs = null } = known ?? {}
  // The first request of a page finds the connections busy: that it needs its own says nothing of idle ones.
  return {
    ...measured,
    connectMs: measured.connectMs ?? connectMs,
    goesCold: goesCold || (!isFirst && !reused && !shared),
    timesOpen: timesOpen + Number(reused && !isFirst),
  }
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
 * @param timing null where nothing was measured.
 */
export function holdFor(timing: NetworkTiming | null, { holdMs, lastWindow }: HoldLimits, now: number): number {
  return lastWindow ? Math.min(holdMs, neededFor(timing, now)) : 0
}

function neededFor(timing: NetworkTiming | null, now: number): number {
  if (timing === null) return UNMEASURED_MS
  const { roundTripMs, connectMs, openingSince } = timing
  const toLeaveMs = TO_LEAVE_MS + Math.min(roundTripMs, TO_LEAVE_MS)
  if (isWarm(timing, now)) return toLeaveMs
  const toConnectMs = connectMs ?? ROUND_TRIPS_TO_CONNECT * roundTripMs
  const newMs = toConnectMs + AFTER_CONNECT_MS
  if (openingSince === undefined) return newMs
  // The connection is free once the request that opens it has been answered. One that is overdue may never be.
  const leftMs = openingSince + toConnectMs + roundTripMs - now
  return leftMs < 0 ? newMs : Math.min(newMs, leftMs + toLeaveMs)
}
