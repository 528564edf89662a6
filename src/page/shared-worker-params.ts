import { guard, guardSetUp } from './guard'
import { natives } from './natives'
import { bag } from './streams'

/** What the page hands to `connect.core.initSharedWorker`, unchecked. */
export type InsecureParams = Readonly<Record<string, unknown>>

type Init = (this: unknown, params: unknown) => unknown

/**
 * Looks at what the page hands to `initSharedWorker`, once: the token and the endpoint of the instance's API are nowhere
 * else to be had. Until then `connect` is watched as it is assigned; both are as stock again as soon as they were seen.
 * A page that was there before us has made that call already: then this never calls back.
 * @param onParams told with the `connect` object that the call was made by: pages have taken the global away right after.
 * @returns how to stop.
 */
export function watchSharedWorkerParams(onParams: (params: InsecureParams, streams: unknown) => void): () => void {
  const held = window as unknown as Record<string, unknown>
  let unwrap: (() => void) | null = null
  let value: unknown = held['connect']
  let isTrapped = false

  const get = (): unknown => value
  const wrap = guardSetUp(() => {
    const core = bag(bag(value)['core']) as { initSharedWorker?: unknown }
    const original = core.initSharedWorker
    if (unwrap !== null || typeof original !== 'function') return
    const wrapped: Init = function (params) {
      stop()
      guard(() => onParams(bag(params), value))()
      return (original as Init).call(this, params)
    }
    core.initSharedWorker = wrapped
    unwrap = () => {
      if (core.initSharedWorker === wrapped) core.initSharedWorker = original
    }
    untrap()
  })
  const untrap = (): void => {
    natives.removeDocumentListener('load', wrap, true)
    if (!isTrapped) return
    isTrapped = false
    // The page may have redefined it: then it is the page's already.
    if (Object.getOwnPropertyDescriptor(held, 'connect')?.get !== get) return
    if (value === undefined) delete held['connect']
    else Object.defineProperty(held, 'connect', { value, configurable: true, enumerable: true, writable: true })
  }
  const stop = guardSetUp(() => {
    untrap()
    unwrap?.()
  })

  if (value === undefined) {
    Object.defineProperty(held, 'connect', {
      configurable: true,
      enumerable: true,
      get,
      // Streams assigns itself many times while it is set up; the later ones find it whole.
      set: (next: unknown) => {
        value = next
        wrap()
      },
    })
    isTrapped = true
    // Where it was assigned once, at its beginning: a script's `load` comes right after the script has run.
    natives.addDocumentListener('load', wrap, true)
  } else {
    wrap()
  }
  return stop
}
