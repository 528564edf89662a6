/** What the bridge needs of the page's globals, taken at `document_start`, before a script of the page can change it. */
import { guard } from './guard'

const target = window
const { CustomEvent: NativeCustomEvent, JSON: NativeJSON, XMLHttpRequest } = window
const parse = NativeJSON.parse.bind(NativeJSON) as (text: string) => unknown
const quote = NativeJSON.stringify.bind(NativeJSON) as (value: unknown) => string | undefined
const { keys } = Object
const { isArray } = Array
/**
 * A value as JSON, whatever the page has done to the prototypes: `JSON.stringify` calls a `toJSON` of every object and list, and
 * pages have put one there (old versions of Prototype.js did). The bridge's own messages have none, and no cycle.
 */
function stringify(value: unknown): string {
  if (typeof value !== 'object' || value === null) return quote(value) ?? 'null'
  let text = ''
  if (isArray(value)) {
    for (let nth = 0; nth < value.length; nth += 1) text += (nth === 0 ? '' : ',') + stringify(value[nth])
    return `[${text}]`
  }
  const names = keys(value)
  for (let nth = 0; nth < names.length; nth += 1) {
    const name = names[nth] ?? ''
    const part = (value as Readonly<Record<string, unknown>>)[name]
    if (part !== undefined) text += `${text === '' ? '' : ','}${String(quote(name))}:${stringify(part)}`
  }
  return `{${text}}`
}
const nativeSetTimeout = target.setTimeout.bind(target)
const addEventListener = target.addEventListener.bind(target)
const removeEventListener = target.removeEventListener.bind(target)
const addDocumentListener = document.addEventListener.bind(document)
const removeDocumentListener = document.removeEventListener.bind(document)
const dispatchEvent = target.dispatchEvent.bind(target)
const fetch = target.fetch.bind(target)
const randomUUID = crypto.randomUUID.bind(crypto)
const random = Math.random.bind(Math)
const now = Date.now.bind(Date)
const performanceNow = performance.now.bind(performance)
const getEntriesByType = (performance as Partial<Performance>).getEntriesByType?.bind(performance)
const { AbortController, PerformanceObserver, TextDecoder } = window
/** Chromium's: a request that the browser sends when the document ends, in whatever way. */
const nativeFetchLater = (
  target as { fetchLater?: (url: string, init: RequestInit) => { readonly activated: boolean } }
).fetchLater?.bind(target)
const navigatorOfPage = (target as { navigator?: Navigator }).navigator
const close = target.close.bind(target)

export const natives = {
  parse,
  stringify,
  /** Listens on the window, before all listeners inside it. Returns how to stop. */
  listen: (type: string, hook: (event: Event) => void): (() => void) => {
    addEventListener(type, hook, true)
    return () => removeEventListener(type, hook, true)
  },
  /** For the `load` of elements, which propagates no further than the document. */
  addDocumentListener,
  removeDocumentListener,
  randomUUID,
  random,
  now,
  /** ms since the document began, by a clock that nobody sets. */
  performanceNow,
  /** What the page has loaded so far, as far as the browser's list goes. */
  resources: (): readonly PerformanceResourceTiming[] =>
    (getEntriesByType?.('resource') ?? []) as PerformanceResourceTiming[],
  /** Closes the tab where the browser lets a script; does nothing in a frame. */
  close,
  fetch,
  decoder: () => new TextDecoder(),
  /** Whether the browser has a network at all. */
  isOnline: (): boolean => navigatorOfPage?.onLine !== false,
  XMLHttpRequest,
  PerformanceObserver: PerformanceObserver as typeof PerformanceObserver | undefined,
  /** Has the browser hold a request, and returns how to withdraw it; null where the browser holds none. */
  fetchLater:
    nativeFetchLater === undefined
      ? null
      : (url: string, init: RequestInit): (() => void) => {
          const controller = new AbortController()
          nativeFetchLater(url, { ...init, signal: controller.signal })
          return () => controller.abort()
        },
  /** A signal that aborts a request after this long, in ms. */
  abortAfter: (ms: number): { signal: AbortSignal } => {
    const controller = new AbortController()
    nativeSetTimeout(
      guard(() => controller.abort()),
      ms,
    )
    return { signal: controller.signal }
  },
  setTimeout: (task: () => void, delay: number): void => {
    nativeSetTimeout(task, delay)
  },
  /** Dispatches on the window; listeners run before it returns. */
  emit: (type: string, detail?: string): void => {
    dispatchEvent(new NativeCustomEvent(type, { detail }))
  },
}
