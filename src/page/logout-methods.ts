import { isLogout } from './departure'
import { guard } from './guard'
import { natives } from './natives'

/** `isGoing` where the page goes, and its requests must outlive it. */
export type GoOn = (isGoing: boolean) => void

/** What is done about a log-out. */
export interface LogoutUse {
  /**
   * Holds it where the agent is to be set Offline first. `goOn` is called once, when it may proceed.
   * @returns whether it is held: then `goOn` has been called, or will be.
   */
  readonly hold: (goOn: GoOn) => boolean
  /** Requests Offline right before one that cannot be held. */
  readonly precede: () => void
}

/** A log-out that a method is about to make. */
interface Logout {
  readonly url: string
  /** Its caller waits for the answer, and with it the whole page: it cannot be held. */
  readonly isSync: boolean
}

type Fetch = (this: unknown, input: unknown, init?: RequestInit) => Promise<Response>
type Open = (this: XMLHttpRequest, method: string, url: string | URL, ...rest: unknown[]) => void

/** Makes a log-out whose page goes before it could proceed: otherwise the session would live on. */
export function logOutBehind(url: string): void {
  void natives.fetch(url, { credentials: 'same-origin', keepalive: true }).catch(() => undefined)
}

/** Where a form is sent. By its attribute: a control named `action` would hide the property. */
export function formAddress(form: HTMLFormElement, submitter: HTMLElement | null = null): string {
  return submitter?.getAttribute('formaction') ?? form.getAttribute('action') ?? ''
}

/**
 * Wraps the methods with which a script can log out. All other calls pass unchanged.
 * @returns how to stop.
 */
export function wrapLogoutMethods(use: LogoutUse): () => void {
  const stops = [
    wrapFetch(use),
    ...wrapXmlHttpRequest(use),
    wrapSubmit(use),
    precedeBy(window, 'open', use),
    precedeBy(Object.getPrototypeOf(window.navigator) as object, 'sendBeacon', use),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/**
 * Replaces a method of the page's.
 * @returns how to put it back, which is done unless the page has replaced it once more.
 */
function replace<M>(owner: object, name: string, wrap: (original: M) => M): () => void {
  const methods = owner as Record<string, M | undefined>
  const original = methods[name]
  if (typeof original !== 'function') return () => undefined
  const wrapped = wrap(original)
  try {
    methods[name] = wrapped
  } catch {
    // Somebody has locked it: it stays as it is.
    return () => undefined
  }
  return guard(() => {
    if (methods[name] === wrapped) methods[name] = original
  })
}

/** The address in the argument of `fetch`; empty where it has no address. */
function addressOf(input: unknown): string {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  return input instanceof Request ? input.url : ''
}

function wrapFetch({ hold }: LogoutUse): () => void {
  return replace<Fetch>(window, 'fetch', (original) => {
    return function (this: unknown, ...args) {
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
  })
}

function wrapXmlHttpRequest(use: LogoutUse): (() => void)[] {
  const { precede } = use
  const { prototype } = natives.XMLHttpRequest
  const logouts = new WeakMap<object, Logout>()
  const stopOpen = replace<Open>(prototype, 'open', (open) => {
    return function (...args) {
      guard(() => {
        const url = String(args[1])
        // As browsers have it: without the argument asynchronous, and with any that is falsy synchronous.
        if (isLogout(url)) logouts.set(this, { url, isSync: args.length > 2 && !args[2] })
        else logouts.delete(this)
      })()
      open.apply(this, args)
    }
  })
  const stopSend = replace<(this: object, ...args: unknown[]) => void>(prototype, 'send', (send) => {
    return function (...args) {
      const held: true[] = []
      guard(() => {
        const logout = logouts.get(this)
        if (logout?.isSync) precede()
        else if (logout !== undefined && holds(use, logout.url, () => send.apply(this, args))) held.push(true)
      })()
      if (held.length === 0) send.apply(this, args)
    }
  })
  return [stopOpen, stopSend]
}

function wrapSubmit(use: LogoutUse): () => void {
  return replace<(this: HTMLFormElement, ...args: unknown[]) => void>(
    window.HTMLFormElement.prototype,
    'submit',
    (submit) => {
      return function (...args) {
        const held: true[] = []
        guard(() => {
          const url = formAddress(this)
          // Only a form that is in its page is sent.
          if (!this.isConnected || !isLogout(url)) return
          // The page may take it away, or use it again, as soon as this call returns.
          const copy = this.cloneNode(true) as HTMLFormElement
          const isStill = (): boolean => this.isConnected && formAddress(this) === url
          const again = (): void => {
            if (isStill()) submit.apply(this, args)
            else whileConnected(copy, () => submit.apply(copy, args))
          }
          if (holds(use, url, again)) held.push(true)
        })()
        if (held.length === 0) submit.apply(this, args)
      }
    },
  )
}

/** Sends a form that is not in the page: only one that is can be sent. It is taken away again when the browser has read it. */
export function whileConnected(form: HTMLFormElement, send: () => void): void {
  form.hidden = true
  document.body.append(form)
  send()
  natives.setTimeout(() => form.remove(), 0)
}

/** Whether a log-out is held that returns nothing. `send` makes it. */
function holds({ hold }: LogoutUse, url: string, send: () => void): boolean {
  return hold((isGoing) => {
    if (isGoing) logOutBehind(url)
    else send()
  })
}

/** Wraps a method whose first argument is an address, and that gives its caller a result at once. */
function precedeBy(owner: object, name: string, { precede }: LogoutUse): () => void {
  return replace<(this: unknown, ...args: unknown[]) => unknown>(owner, name, (original) => {
    return function (this: unknown, ...args) {
      guard(() => {
        if (isLogout(String(args[0]))) precede()
      })()
      return original.apply(this, args)
    }
  })
}
