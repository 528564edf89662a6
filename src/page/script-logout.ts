import type { Closer } from './closer'
import { isLogout } from './departure'
import { guard } from './guard'
import { natives } from './natives'

/** For this long after a log-out proceeded, in ms, what follows is a part of it: the link, then its navigation. */
const SAME_LOGOUT_MS = 3_000

/** `isGoing` where the page goes, and its requests must outlive it. */
type GoOn = (isGoing: boolean) => void
type Fetch = (this: unknown, input: unknown, init?: RequestInit) => Promise<Response>
type Open = (this: XMLHttpRequest, method: string, url: string | URL, ...rest: unknown[]) => void
type Send = (this: XMLHttpRequest, body?: unknown) => void

interface NavigateEventLike extends Event {
  readonly navigationType?: string
  readonly destination?: { readonly url?: string; readonly sameDocument?: boolean }
  readonly formData?: unknown
}

/** Makes a log-out whose page goes before it could proceed: otherwise the session would live on. */
export function logOutBehind(url: string): void {
  void natives.fetch(url, { credentials: 'same-origin', keepalive: true }).catch(() => undefined)
}

/** The address in the argument of `fetch`; empty where it has no address. */
function addressOf(input: unknown): string {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  return input instanceof Request ? input.url : ''
}

/**
 * Holds a log-out that a script of the page makes, by `fetch`, `XMLHttpRequest` or a navigation, until the agent is Offline:
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
    this.#wrapFetch()
    this.#wrapXmlHttpRequest()
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

  #wrapFetch(): void {
    const page = window as unknown as { fetch: Fetch }
    const { fetch: original } = page
    const hold = (goOn: GoOn): boolean => this.#hold(goOn)
    const wrapped: Fetch = function (this: unknown, ...args) {
      const [input, init] = args
      const held: Promise<Response>[] = []
      guard(() => {
        if (!isLogout(addressOf(input))) return
        let goOn: (response: Promise<Response>) => void = () => undefined
        const response = new Promise<Response>((resolve) => {
          goOn = resolve
        })
        const isHeld = hold((isGoing) =>
          goOn(original.call(this, input, isGoing ? { ...init, keepalive: true } : init)),
        )
        if (isHeld) held.push(response)
      })()
      return held[0] ?? original.apply(this, args)
    }
    page.fetch = wrapped
    this.#stops.push(() => {
      if (page.fetch === wrapped) page.fetch = original
    })
  }

  #wrapXmlHttpRequest(): void {
    const { prototype } = natives.XMLHttpRequest
    const { open, send } = prototype as unknown as { open: Open; send: Send }
    const logouts = new WeakMap<XMLHttpRequest, string>()
    const hold = (goOn: GoOn): boolean => this.#hold(goOn)
    const wrappedOpen: Open = function (...args) {
      guard(() => {
        const [, url, isAsync] = args
        // A synchronous request cannot wait for anything else.
        if (isAsync !== false && isLogout(String(url))) logouts.set(this, String(url))
        else logouts.delete(this)
      })()
      open.apply(this, args)
    }
    const wrappedSend: Send = function (...args) {
      const held: true[] = []
      guard(() => {
        const url = logouts.get(this)
        if (url === undefined) return
        const isHeld = hold((isGoing) => {
          if (isGoing) logOutBehind(url)
          else send.apply(this, args)
        })
        if (isHeld) held.push(true)
      })()
      if (held.length === 0) send.apply(this, args)
    }
    Object.assign(prototype, { open: wrappedOpen, send: wrappedSend })
    this.#stops.push(() => {
      const now = prototype as unknown as { open: Open; send: Send }
      if (now.open === wrappedOpen) now.open = open
      if (now.send === wrappedSend) now.send = send
    })
  }

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
