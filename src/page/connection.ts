import { hasPassed } from '../domain/clock'
import type { NetworkTiming } from '../domain/hold-time'
import { needsWarmUp, withMeasured } from '../domain/hold-time'
import { guard } from './guard'
import { natives } from './natives'
import { watchNetworkTiming } from './network-timing'
import { staticFileOf } from './static-file'

/** A request that opens a connection is given up after this long, in ms: it may not stand in the way of the close's own. */
const WARM_UP_LIMIT_MS = 4_000
/** How many connections an hour may be opened beforehand; fewer while it is not known whether that is needed. */
const WARM_UPS_PER_HOUR = 30
const UNDECIDED_WARM_UPS_PER_HOUR = 10
const HOUR_MS = 3_600_000

/** The connection from this page to its instance, as requests of this page have found it. */
export class Connection {
  #timing: NetworkTiming | null = null
  /** When connections were opened beforehand. */
  #warmUps: number[] = []

  /** What was measured last; null without a measurement. */
  get timing(): NetworkTiming | null {
    return this.#timing
  }

  /** The last request was not answered: what was measured before says nothing of the present network. */
  forget(): void {
    this.#timing = null
  }

  /**
   * Measures the next request to an address.
   * @param isTimed see `withMeasured`.
   * @returns how to stop.
   */
  measureNext(url: string, isTimed: boolean): () => void {
    const at = natives.now()
    return watchNetworkTiming(url, (measured) => {
      this.#timing = withMeasured(this.#timing, { ...measured, at }, isTimed)
    })
  }

  /**
   * Opens a connection before it is needed, where connections go cold, or may: a `HEAD` of a file that this page has loaded,
   * which no server counts as use of the session. Over HTTP/2 Streams' own requests keep the connection open.
   */
  warmUp(): void {
    const now = natives.now()
    if (this.#timing === null || !needsWarmUp(this.#timing, now)) return
    const url = staticFileOf(location.origin)
    this.#warmUps = this.#warmUps.filter((at) => !hasPassed(at, HOUR_MS, now))
    const most = this.#timing.goesCold ? WARM_UPS_PER_HOUR : UNDECIDED_WARM_UPS_PER_HOUR
    if (url === null || this.#warmUps.length >= most) return
    this.#warmUps.push(now)
    // Until it is measured.
    this.#timing = { ...this.#timing, openingSince: now }
    const stop = this.measureNext(url, false)
    natives
      .fetch(url, {
        method: 'HEAD',
        credentials: 'same-origin',
        cache: 'no-store',
        redirect: 'error',
        ...natives.abortAfter(WARM_UP_LIMIT_MS),
      })
      .then(() => undefined, guard(stop))
  }
}
