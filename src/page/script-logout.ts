import type { Closer } from './closer'
import { isLogout } from './departure'
import { guard } from './guard'
import type { GoOn } from './logout-methods'
import { logOutBehind, wrapLogoutMethods } from './logout-methods'
import { natives } from './natives'

/** For this long after a log-out proceeded, in ms, what follows is a part of it: the link, then its navigation. */
const SAME_LOGOUT_MS = 3_000

interface NavigateEventLike extends Event {
  readonly navigationType?: string
  readonly destination?: { readonly url?: string; readonly sameDocument?: boolean }
  readonly formData?: unknown
}

/**
 * Holds a log-out that a script of the page makes, by a call of its own or a navigation, until the agent is Offline:
 * logging out leaves the status as it was, and deprives the page of all means to change it. A held log-out proceeds by itself:
 * when the agent is seen Offline, after 2 s, or when the page goes. Everything else passes unchanged.
 */
export class ScriptLogout {
  #passedAt = -Infinity
  readonly #stops: (() => void)[] = []
  readonly #closer: Closer

  constructor(closer: Closer) {
    this.#closer = closer
  }

  start(): void {
    this.#stops.push(wrapLogoutMethods({ hold: (goOn) => this.#hold(goOn), precede: this.#precede }))
    const navigation = (window as { navigation?: EventTarget }).navigation
    navigation?.addEventListener('navigate', this.#onNavigate)
    this.#stops.push(() => navigation?.removeEventListener('navigate', this.#onNavigate))
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }

  /** A log-out proceeds, held here or elsewhere. */
  note(): void {
    this.#passedAt = natives.now()
  }

  /**
   * @param goOn called once.
   * @returns whether the log-out is held: then `goOn` has been called, or will be.
   */
  #hold(goOn: GoOn): boolean {
    if (natives.now() - this.#passedAt < SAME_LOGOUT_MS) return false
    let isHeld = true
    const goOnOnce = (isGoing: boolean): void => {
      if (!isHeld) return
      isHeld = false
      stops.forEach((stop) => stop())
      this.note()
      goOn(isGoing)
    }
    // After the closer, which listens from the start: Offline is requested first.
    const stops = ['beforeunload', 'pagehide'].map((type) =>
      natives.listen(
        type,
        guard(() => goOnOnce(true)),
      ),
    )
    if (this.#closer.closeBeforeLogout(() => goOnOnce(false))) return true
    stops.forEach((stop) => stop())
    return false
  }

  /** Requests Offline right before a log-out that cannot be held, since its caller is given the result at once. */
  readonly #precede = guard(() => {
    if (natives.now() - this.#passedAt >= SAME_LOGOUT_MS) this.#closer.closeBeforeLogout(() => undefined)
  })

  readonly #onNavigate = guard((event: Event) => {
    const { navigationType, destination, formData, cancelable } = event as NavigateEventLike
    const url = destination?.url ?? ''
    const isPlain = (navigationType === 'push' || navigationType === 'replace') && formData == null
    if (!cancelable || !isPlain || destination?.sameDocument || url === '' || !isLogout(url)) return
    const isHeld = this.#hold((isGoing) => {
      if (isGoing) logOutBehind(url)
      else location.assign(url)
    })
    if (isHeld) event.preventDefault()
  })
}
