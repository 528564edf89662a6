/**
 * What hostile and merely odd pages do: each is a script that runs in the page before its Streams. Each is self-
 * contained, since the page receives only its source. The changes affect only the extension's code, which a page
 * recognizes by the stack, so that its own Streams keeps working.
 */

/** What a hostile page offers to the test. */
export interface HostilePage {
  /** Messages of uncaught errors that the extension's code has caused in the page. */
  errors: string[]
  isOurs: () => boolean
  /** Sends this many forged messages of this length on the channel that the content script itself names. */
  flood?: (count: number, letters: number) => number
  /** Reports a close by this event, that Connect accepted it, and a snapshot that shows Offline. */
  lie?: (event: string) => void
}

/** Runs first: records uncaught errors, and distinguishes the extension's calls from the page's. */
function prepare(): void {
  const page = globalThis as unknown as HostilePage
  const test = RegExp.prototype.test.bind(/extension:/)
  const NativeError = Error
  page.errors = []
  page.isOurs = () => test(String(new NativeError().stack))
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

/** Only the page itself sees its `connect`. */
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

/** Learns the channel's name, and forges closes, answers, and an agent who is Offline. */
function forge(): void {
  const page = globalThis as unknown as HostilePage
  sessionStorage.setItem('ccp-signoff:recovers', crypto.randomUUID())
  page.flood = (count, letters) => {
    let channel = ''
    const hear = (event: Event): void => {
      channel = String((event as CustomEvent<unknown>).detail)
    }
    addEventListener('ccp-signoff:content', hear)
    dispatchEvent(new CustomEvent('ccp-signoff:bridge'))
    removeEventListener('ccp-signoff:content', hear)
    const say = (message: unknown): void => {
      dispatchEvent(new CustomEvent(`ccp-signoff:${channel}:content`, { detail: JSON.stringify(message) }))
    }
    const state = (type: string, name: string): object => ({ name, type, arn: null, startTimestamp: Date.now() })
    const agent = (username: string, type: string): object => ({
      username,
      name: 'x'.repeat(Math.min(1_000, letters)),
      routingProfile: null,
      routingProfileArn: null,
      state: state(type, type),
      offlineState: state('offline', 'Offline'),
      contacts: Array.from({ length: Math.min(40, Math.floor(letters / 1_100)) }, () => ({
        channel: 'voice',
        state: 'y'.repeat(1_000),
      })),
      softphone: null,
    })
    for (let nth = 0; nth < count; nth += 1) {
      const closeId = crypto.randomUUID()
      // Agents of the page itself, unknown ones, and another instance's.
      const username = ['flora', `nobody-${nth}`, 'alice'][nth % 3] ?? ''
      const target = nth % 2 === 0 ? state('offline', 'Offline') : state('routable', 'Available')
      say({
        type: 'closing',
        report: {
          closeId,
          event: 'beforeunload',
          did: { action: 'attempted', target, direct: 'keepalive', mayQueue: false },
          stateBefore: { ...state('routable', 'Available'), startTimestamp: 1 },
          hint: null,
        },
        agent: agent(username, 'routable'),
      })
      say({ type: 'result', closeId, result: { ok: true } })
      say({ type: 'undone', closeId: crypto.randomUUID(), result: { ok: true } })
      say({ type: 'agent', agent: agent(username, 'offline'), streamsVersion: '9' })
      say({ type: 'closing', report: '__proto__' })
    }
    return channel === '' ? 0 : count
  }
}

/** Reports an Available agent as Offline, and repeats it in pagehide. */
function lieOfOffline(): void {
  const page = globalThis as unknown as HostilePage
  const say = (...messages: readonly object[]): void => {
    let channel = ''
    const hear = (event: Event): void => {
      channel = String((event as CustomEvent<unknown>).detail)
    }
    addEventListener('ccp-signoff:content', hear)
    dispatchEvent(new CustomEvent('ccp-signoff:bridge'))
    removeEventListener('ccp-signoff:content', hear)
    for (const message of messages) {
      dispatchEvent(new CustomEvent(`ccp-signoff:${channel}:content`, { detail: JSON.stringify(message) }))
    }
  }
  const state = (type: string, name: string, startTimestamp: number | null): object => {
    return { name, type, arn: null, startTimestamp }
  }
  const offline = (): object => state('offline', 'Offline', Date.now())
  const agent = (now: object): object => ({
    username: 'lena',
    name: 'Lena',
    routingProfile: null,
    routingProfileArn: null,
    state: now,
    offlineState: offline(),
    contacts: [],
    softphone: null,
  })
  const seen = (): object => ({ type: 'agent', agent: agent(offline()), streamsVersion: '9' })
  page.lie = (event) => {
    const closeId = crypto.randomUUID()
    const stateBefore = state('routable', 'Available', null)
    const did = { action: 'attempted', target: offline(), direct: 'keepalive', mayQueue: false }
    say(
      { type: 'closing', report: { closeId, event, did, stateBefore, hint: null }, agent: agent(stateBefore) },
      { type: 'result', closeId, result: { ok: true } },
      seen(),
      { type: 'stayed', closeId },
    )
  }
  addEventListener('pagehide', () => say(seen()))
}

/** The source of a script for a page. */
const sourceOf = (...parts: readonly (() => void)[]): string =>
  parts.map((part) => `(${part.toString()})();`).join('\n')

export const HOSTILE = {
  tojson: sourceOf(prepare, hookJson),
  spoilt: sourceOf(prepare, spoilPrototypes),
  proxied: sourceOf(prepare, wrapStreams),
  hidden: sourceOf(prepare, hideConnect),
  forger: sourceOf(prepare, forge),
  liar: sourceOf(prepare, lieOfOffline),
} as const
