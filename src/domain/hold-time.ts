/** How long a closing page of Chromium is held, so that its request leaves the browser before the browser ends. */
import { hasPassed } from './clock'

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
  /** Whether a timed measurement ever needed a new connection (see `withMeasured`). */
  readonly goesCold: boolean
  /** How many timed measurements have found an open one. */
  readonly timesOpen: number
  /** Whether a request has ever found an open one: some servers, and proxies, close each after its answer. */
  readonly wasReused: boolean
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
 * How many timed measurements have to find an open connection before it is taken for one that stays open: Streams may have used it
 * a moment before, every half minute, which the page does not see. (With an idle timeout of 20 s, 4 % of all closes were taken for
 * one on an open connection after three measurements, and 2 % after five, in a simulation of both rhythms.)
 */
const OPEN_TIMES = 5

/**
 * A connection that has just answered stays open for at least this long, in ms: the shortest idle time that is common among
 * servers is 5 s.
 */
const FRESH_MS = 4_000

/** A connection that was used so recently, in ms, shows nothing of idle ones. */
const IDLE_ENOUGH_MS = 10_000

/** What one request shows. */
export type Measurement = Pick<NetworkTiming, 'roundTripMs' | 'connectMs' | 'reused' | 'shared' | 'at'>

/** Whether a connection is open: it is never idle, stays open, or has just answered. */
export function isWarm(timing: NetworkTiming, now: number): boolean {
  const { reused, shared, at, goesCold, timesOpen, wasReused, openingSince } = timing
  if (shared) return reused
  // Whether one was open, shows when that request is answered. Until then it occupies the connection.
  if (openingSince !== undefined) return false
  if (goesCold) return wasReused && !hasPassed(at, FRESH_MS, now)
  return reused && (timesOpen >= OPEN_TIMES || !hasPassed(at, IDLE_MS, now))
}

/** Whether it is still to be found out if the server closes the connection when it is idle. */
export function isUndecided({ shared, goesCold, timesOpen }: NetworkTiming): boolean {
  return !shared && !goesCold && timesOpen < OPEN_TIMES
}

/** Whether a connection has to be opened before a close: it goes cold, or may, and is neither fresh nor being opened. */
export function needsWarmUp(timing: NetworkTiming, now: number): boolean {
  const { at, shared, goesCold, wasReused, openingSince } = timing
  if (shared || !(goesCold || (wasReused && isUndecided(timing))) || !hasPassed(at, FRESH_MS, now)) return false
  return openingSince === undefined || hasPassed(openingSince, FRESH_MS, now)
}

/**
 * The timing after a further measurement.
 * @param isTimed whether its moment had nothing to do with Streams' own requests, which use the same connections. Only then does it
 * show what becomes of idle ones.
 */
export function withMeasured(known: NetworkTiming | null, measured: Measurement, isTimed: boolean): NetworkTiming {
  const { reused, shared } = measured
  if (known === null) return { ...measured, goesCold: false, timesOpen: 0, wasReused: reused }
  // The first request on a network has needed a new connection anyway, so that it counts for nothing.
  const counts = isTimed && known.openingSince === undefined && hasPassed(known.at, IDLE_ENOUGH_MS, measured.at)
  return {
    ...measured,
    connectMs: measured.connectMs ?? known.connectMs,
    goesCold: known.goesCold || (counts && !reused && !shared),
    timesOpen: known.timesOpen + Number(counts && reused),
    wasReused: known.wasReused || reused,
  }
}

/** How long a request takes to find or to make a connection, in ms. */
export function toConnectMs(timing: NetworkTiming, now: number): number {
  const { connectMs, roundTripMs } = timing
  return isWarm(timing, now) ? 0 : (connectMs ?? ROUND_TRIPS_TO_CONNECT * roundTripMs)
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
  const { roundTripMs, wasReused, openingSince } = timing
  if (isWarm(timing, now)) return TO_LEAVE_MS + Math.min(roundTripMs, TO_LEAVE_MS)
  const connectMs = toConnectMs(timing, now)
  const newMs = connectMs + AFTER_CONNECT_MS
  // What opens now is of use only where connections are kept.
  if (openingSince === undefined || !wasReused) return newMs
  // The connection is free once the request that opens it has been answered. One that is overdue may never be.
  const leftMs = openingSince + connectMs + roundTripMs - now
  return leftMs < 0 ? newMs : Math.min(newMs, leftMs + AFTER_CONNECT_MS)
}
