import { guard, guardSetUp } from './guard'
import { natives } from './natives'
import { bag } from './streams'

/** What the page hands to `connect.core.initSharedWorker`, unchecked. */
export type InsecureParams = Readonly<Record<string, unknown>>

type Init = (this: unknown, params: unknown) => unknown

/**
 * Watches for what the page hands to `initSharedWorker`, once: the token and the endpoint of the instance's API cannot be had
 * elsewhere. Until then `connect` is watched as it is assigned; both are as stock again as soon as they were seen. A page that
 * was there before the extension has made that call already: then this never calls back.
 * @param onParams also gets the `connect` object of the call: pages have taken the global away right after.
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
    // The page may have redefined it: then it is the page's own.
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
      // Streams assigns itself many times while it is set up; the later assignments find it complete.
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
