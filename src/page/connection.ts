import type { Moment, NetworkTiming } from '../domain/hold-time'
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
  /** When connections were opened beforehand, by `performance.now()`. */
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
   * @param onNew called once it has been answered, where it needed a connection of its own.
   * @returns how to stop.
   */
  measureNext(url: string, moment: Moment, onNew: () => void = () => undefined): () => void {
    const at = natives.now()
    return watchNetworkTiming(url, (measured) => {
      // The request before it has failed: nothing is known of this network.
      if (moment === 'right_after' && this.#timing === null) return
      this.#timing = withMeasured(this.#timing, { ...measured, at }, moment)
      if (!measured.reused && !measured.shared) onNew()
    })
  }

  /**
   * Opens a connection before it is needed, where connections go cold, or may (see `needsWarmUp`): a `HEAD` of a file that this page
   * has loaded, which no server counts as use of the session. Over HTTP/2 Streams' own requests keep the connection open.
   */
  warmUp(): void {
    const openingSince = natives.now()
    if (this.#timing === null || !needsWarmUp(this.#timing, openingSince)) return
    const url = staticFileOf(location.origin)
    // Nobody sets this clock back, which would allow more of them.
    const hourAgo = natives.performanceNow() - HOUR_MS
    this.#warmUps = this.#warmUps.filter((at) => at > hourAgo)
    const most = this.#timing.goesCold ? WARM_UPS_PER_HOUR : UNDECIDED_WARM_UPS_PER_HOUR
    if (url === null || this.#warmUps.length >= most) return
    this.#warmUps.push(natives.performanceNow())
    // Until it is measured.
    this.#timing = { ...this.#timing, openingSince }
    const stop = this.measureNext(url, 'any')
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
