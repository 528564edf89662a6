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
  /** Whether a measurement of an idle connection ever needed a new one (see `withMeasured`). */
  readonly goesCold: boolean
  /** How many such measurements have found an open one. */
  readonly timesOpen: number
  /** Whether connections are kept open after an answer, as far as is known: some servers, and proxies, close each. */
  readonly isKept: boolean
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
/** Slow ones vary by more, as a share of their time: of 500 ms, 1 of 6 requests on a slower machine did not leave with 100 ms. */
const CONNECT_VARIES_BY = 0.1
/** TCP's handshake and that of TLS 1.2, in round trips, where no connection was ever measured. */
const ROUND_TRIPS_TO_CONNECT = 3
/** Where nothing was measured: enough for a new connection of two round trips, TLS 1.3, at 250 ms each. */
const UNMEASURED_MS = 650
/** Most servers keep an idle connection for at least this long. */
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

/**
 * When a request is measured. `timed`: at a moment that has nothing to do with Streams' own requests, which use the same connections.
 * `right_after`: as soon as a request was answered that needed a new connection, which shows only whether the connection was kept. `any`:
 * at any other time.
 */
export type Moment = 'timed' | 'right_after' | 'any'

/**
 * What becomes of a connection after an answer: it carries all requests at once; it is closed at once; it is closed when it is idle,
 * or stays open; or it is kept, and nothing more is known yet.
 */
type Habit = 'shared' | 'closes_each' | 'goes_cold' | 'stays_open' | 'undecided'

function habitOf({ shared, isKept, goesCold, timesOpen }: NetworkTiming): Habit {
  if (shared) return 'shared'
  if (!isKept) return 'closes_each'
  if (goesCold) return 'goes_cold'
  return timesOpen >= OPEN_TIMES ? 'stays_open' : 'undecided'
}

/** Whether a request is expected to find an open connection. */
export function isWarm(timing: NetworkTiming, now: number): boolean {
  const { reused, at } = timing
  const habit = habitOf(timing)
  switch (habit) {
    case 'shared':
    case 'stays_open':
      return reused
    case 'closes_each':
      return false
    case 'goes_cold':
      return !hasPassed(at, FRESH_MS, now)
    case 'undecided':
      return reused && !hasPassed(at, IDLE_MS, now)
    default:
      return habit satisfies never
  }
}

/** Whether it is still to be found out if the server closes connections that are idle. */
export function isUndecided(timing: NetworkTiming): boolean {
  return habitOf(timing) === 'undecided'
}

/** Whether a connection has to be opened before a close: it goes cold, or may, and is neither fresh nor being opened. */
export function needsWarmUp(timing: NetworkTiming, now: number): boolean {
  const { at, openingSince } = timing
  const habit = habitOf(timing)
  if (!(habit === 'goes_cold' || habit === 'undecided') || !hasPassed(at, FRESH_MS, now)) return false
  return openingSince === undefined || hasPassed(openingSince, FRESH_MS, now)
}

/** The timing after a further measurement. */
export function withMeasured(known: NetworkTiming | null, measured: Measurement, moment: Moment): NetworkTiming {
  const { reused, shared } = measured
  // The first request on a network needs a new connection anyway, so that it says nothing of idle ones.
  if (known === null) return { ...measured, goesCold: false, timesOpen: 0, isKept: reused }
  if (moment === 'right_after') return { ...known, isKept: reused }
  // Beside a warm-up, or soon after another request, it says nothing of idle ones either.
  const isOfIdle =
    moment === 'timed' && known.openingSince === undefined && hasPassed(known.at, IDLE_ENOUGH_MS, measured.at)
  return {
    ...measured,
    connectMs: measured.connectMs ?? known.connectMs,
    goesCold: known.goesCold || (isOfIdle && !reused && !shared),
    timesOpen: known.timesOpen + Number(isOfIdle && reused),
    isKept: reused || known.isKept,
  }
}

/** How long a request takes to find or to make a connection, in ms. */
export function toConnectMs(timing: NetworkTiming, now: number): number {
  return isWarm(timing, now) ? 0 : newConnectionMs(timing)
}

function newConnectionMs({ connectMs, roundTripMs }: NetworkTiming): number {
  return connectMs ?? ROUND_TRIPS_TO_CONNECT * roundTripMs
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
  const { roundTripMs, openingSince } = timing
  if (openingSince === undefined && isWarm(timing, now)) return TO_LEAVE_MS + Math.min(roundTripMs, TO_LEAVE_MS)
  const connectMs = newConnectionMs(timing)
  const newMs = connectMs + Math.round(connectMs * CONNECT_VARIES_BY) + AFTER_CONNECT_MS
  if (openingSince === undefined) return newMs
  // A warm-up is under way: whether it has found an open connection shows with its answer, and until then it occupies it. A
  // warm-up that is overdue may never be answered.
  const leftMs = openingSince + connectMs + roundTripMs - now
  return leftMs < 0 ? newMs : Math.min(newMs, leftMs + AFTER_CONNECT_MS)
}
