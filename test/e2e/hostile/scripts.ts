/**
 * What hostile and merely odd pages do: each is a script that runs in the page before its Streams. Each is self-
 * contained, since the page receives only its source. The changes affect only the extension's code, which a page
 * recognizes by the stack, so that its own Streams keeps working.
 */

import { forge, lieOfOffline } from './forgers'

/** What a hostile page offers to the test. */
export interface HostilePage {
  /** Messages of uncaught errors that the extension's code has caused in the page. */
  errors: string[]
  isOurs: () => boolean
  /** The name of the channel, which the content script says itself. */
  channel: () => string
  /** Sends this many forged messages of this length on the channel that the content script itself names. */
  flood?: (count: number, letters: number) => number
  /** Reports a close by this event, that Connect accepted it, and a snapshot that shows Offline. */
  lie?: (event: string) => void
}

/**
 * Runs first: records uncaught errors, and distinguishes the extension's calls from the page's. In Firefox a page sees
 * no address of the extension's scripts.
 */
function prepare(): void {
  const page = globalThis as unknown as HostilePage
  const test = RegExp.prototype.test.bind(/extension:|<anonymous code>/)
  const NativeError = Error
  page.errors = []
  page.isOurs = () => test(String(new NativeError().stack))
  page.channel = () => {
    let channel = ''
    const hear = (event: Event): void => {
      channel = String((event as CustomEvent<unknown>).detail)
    }
    addEventListener('ccp-signoff:content', hear)
    dispatchEvent(new CustomEvent('ccp-signoff:bridge'))
    removeEventListener('ccp-signoff:content', hear)
    return channel
  }
  const note = (error: unknown, place: string): void => {
    const stack = error instanceof NativeError ? String(error.stack) : ''
    if (test(stack) || test(place)) page.errors[page.errors.length] = `${String(error)} ${stack}`
  }
  addEventListener('error', (event) => note(event.error, event.filename))
  addEventListener('unhandledrejection', (event) => note(event.reason, ''))
}

/** Every prototype that JSON serializes has a `toJSON`. */
function hookJson(): void {
  const { isOurs } = globalThis as unknown as HostilePage
  for (const { prototype } of [Object, Array, String, Number, Boolean]) {
    Object.defineProperty(prototype, 'toJSON', {
      configurable: true,
      writable: true,
      value: function (this: unknown) {
        return isOurs() ? 'forged' : this
      },
    })
  }
}

/** Common functions throw. */
function spoilPrototypes(): void {
  const { isOurs } = globalThis as unknown as HostilePage
  const { apply } = Reflect
  const NativeProxy = Proxy
  let isInside = false
  const spoil = (owner: object, names: readonly (string | symbol)[]): void => {
    for (const name of names) {
      const native: unknown = Reflect.get(owner, name)
      if (typeof native !== 'function') continue
      const spoilt = new NativeProxy(native, {
        apply: (target, that, args) => {
          if (!isInside) {
            isInside = true
            try {
              if (isOurs()) throw new Error(`spoilt ${String(name)}`)
            } finally {
              isInside = false
            }
          }
          return apply(target as () => unknown, that, args) as unknown
        },
      })
      Object.defineProperty(owner, name, { value: spoilt, configurable: true, writable: true })
    }
  }
  spoil(JSON, ['parse', 'stringify'])
  spoil(Object, ['keys', 'entries', 'fromEntries', 'hasOwn', 'defineProperty', 'assign'])
  spoil(Array.prototype, ['map', 'filter', 'find', 'some', 'push', 'slice', 'includes', 'flatMap', Symbol.iterator])
  spoil(String.prototype, ['slice', 'toLowerCase', 'startsWith', 'trim', 'replace'])
  spoil(Promise.prototype, ['then', 'catch'])
  spoil(EventTarget.prototype, ['addEventListener', 'removeEventListener', 'dispatchEvent'])
  spoil(globalThis, ['setTimeout', 'fetch', 'CustomEvent', 'XMLHttpRequest'])
  spoil(Date, ['now'])
  spoil(Response.prototype, ['text', 'json'])
  spoil(Function.prototype, ['bind', 'apply', 'call'])
}

/** Streams returns proxies whose getters throw. */
function wrapStreams(): void {
  const { isOurs } = globalThis as unknown as HostilePage
  const known = new WeakMap<object, object>()
  const wrap = <T>(value: T): T => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value
    const before = known.get(value)
    if (before !== undefined) return before as T
    const proxy = new Proxy(value, {
      get: (target, key) => {
        const found: unknown = Reflect.get(target, key)
        if (isOurs() && (key === 'name' || key === 'getAgentStates')) throw new Error('a getter that throws')
        const own = Reflect.getOwnPropertyDescriptor(target, key)
        // A non-configurable property must be returned unchanged.
        if (own?.configurable === false) return found
        return typeof found === 'function' && isOurs()
          ? wrap((...args: readonly unknown[]) => wrap(Reflect.apply(found, target, args) as unknown))
          : found
      },
    })
    known.set(value, proxy)
    return proxy
  }
  let streams: unknown
  Object.defineProperty(globalThis, 'connect', {
    configurable: true,
    get: () => (isOurs() ? wrap(streams) : streams),
    set: (value: unknown) => {
      streams = value
    },
  })
}

/** Only the page itself sees its `connect`; what is left is `lily`, as Streams is also called. */
function hideConnect(): void {
  const { isOurs } = globalThis as unknown as HostilePage
  let streams: unknown
  Object.defineProperty(globalThis, 'connect', {
    configurable: false,
    get: () => (isOurs() ? undefined : streams),
    set: (value: unknown) => {
      streams = value
    },
  })
}

/** Only the page itself sees its agent: what remains is how the page starts Streams, with token and endpoint. */
function hideStreams(): void {
  const { isOurs } = globalThis as unknown as HostilePage
  const hide = (): void => {
    const { connect } = globalThis as unknown as { readonly connect?: { readonly agent?: unknown } }
    const agent = connect?.agent
    if (connect === undefined || agent === undefined) return
    document.removeEventListener('load', hide, true)
    Object.defineProperty(connect, 'agent', { get: () => (isOurs() ? undefined : agent) })
  }
  // The load of Streams' own script, which comes before the page's script runs.
  document.addEventListener('load', hide, true)
}

/** The source of a script for a page. */
const sourceOf = (...parts: readonly (() => void)[]): string =>
  parts.map((part) => `(${part.toString()})();`).join('\n')

export const HOSTILE = {
  tojson: sourceOf(prepare, hookJson),
  spoilt: sourceOf(prepare, spoilPrototypes),
  proxied: sourceOf(prepare, wrapStreams),
  renamed: sourceOf(prepare, hideConnect),
  hidden: sourceOf(prepare, hideStreams),
  forger: sourceOf(prepare, forge),
  liar: sourceOf(prepare, lieOfOffline),
} as const
