import type { NetworkTiming } from '../domain/hold-time'
import { isWarm, needsWarmUp, withMeasured } from '../domain/hold-time'
import { guard } from './guard'
import { natives } from './natives'
import { watchNetworkTiming } from './network-timing'
import { staticFileOf } from './static-file'

/** How many connections an hour may be opened beforehand. */
const WARM_UPS_PER_HOUR = 30
const HOUR_MS = 3_600_000

/**
 * How often a connection has to be found open before it is taken for one that stays open: Streams may have used it a moment
 * before, every half minute, which the page does not see.
 */
const OPEN_TIMES = 3

/** The connection from this page to its instance, as requests of this page have found it. */
export class Connection {
  #timing: NetworkTiming | null = null
  /** How often it was found open, without the page's first request. */
  #foundOpen = 0
  #openingSince: number | null = null
  /** When connections were opened beforehand. */
  #warmUps: number[] = []

  /** The last measurement, and what is under way; null without a measurement. */
  timing(): NetworkTiming | null {
    if (this.#timing === null || this.#openingSince === null) return this.#timing
    return { ...this.#timing, openingSince: this.#openingSince }
  }

  /** The last request was not answered: what was measured before says nothing of the present network. */
  forgetTiming(): void {
    this.#timing = null
  }

  /** Whether it is still to be found out if the server closes the connection when it is idle. */
  isUndecided(): boolean {
    const timing = this.#timing
    return timing !== null && !timing.shared && timing.goesCold === undefined
  }

  /**
   * Measures the next request to an address.
   * @param idleMs how long this page has sent nothing, in ms.
   * @param isFirst whether it is the page's first: that it needs its own connection says nothing of idle ones.
   * @returns how to stop.
   */
  measureNext(url: string, idleMs: number, isFirst: boolean): () => void {
    const at = natives.now()
    return watchNetworkTiming(url, (measured) => {
      const timing = withMeasured(this.#timing, { ...measured, idleMs, at }, isFirst)
      if (measured.reused && !isFirst) this.#foundOpen += 1
      const staysOpen = timing.goesCold === undefined && this.#foundOpen >= OPEN_TIMES
      this.#timing = staysOpen ? { ...timing, goesCold: false } : timing
    })
  }

  /**
   * Opens a connection before it is needed, where connections were measured to go cold: a `HEAD` of a file that this page has
   * loaded, which no server counts as use of the session. Over HTTP/2 Streams' own requests keep the connection open.
   */
  warmUp(): void {
    const now = natives.now()
    if (!needsWarmUp(this.#timing, now)) return
    const url = staticFileOf(location.origin)
    this.#warmUps = this.#warmUps.filter((at) => now - at < HOUR_MS)
    if (url === null || this.#warmUps.length >= WARM_UPS_PER_HOUR) return
    this.#warmUps.push(now)
    this.#openingSince = now
    const stop = this.measureNext(url, now - (this.#timing?.at ?? now), false)
    natives.fetch(url, { method: 'HEAD', credentials: 'same-origin', cache: 'no-store', redirect: 'error' }).then(
      guard(() => (this.#openingSince = null)),
      guard(() => {
        this.#openingSince = null
        stop()
      }),
    )
  }

  /** Whether a request would need a new connection now, by a measurement. */
  static isCold(timing: NetworkTiming | null): boolean {
    return timing !== null && !isWarm(timing, natives.now())
  }
}
