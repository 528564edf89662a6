import { guard } from '../guard'
import { natives } from '../natives'
import { bag } from '../streams'

/**
 * Watches for what the page hands to `initSharedWorker`, once. Unlike the bridge, whose trap may be there already, it passes the
 * call on to the accessor that it finds: both see it.
 */
export function watchParams(onParams: (params: Readonly<Record<string, unknown>>) => void): void {
  const held = window as unknown as Record<string, unknown>
  let isDone = false
  const wrap = guard(() => {
    const core = bag(bag(held['connect'])['core']) as { initSharedWorker?: unknown }
    const original = core.initSharedWorker
    if (isDone || typeof original !== 'function') return
    isDone = true
    natives.removeDocumentListener('load', wrap, true)
    const wrapped = function (this: unknown, params: unknown): unknown {
      if (core.initSharedWorker === wrapped) core.initSharedWorker = original
      guard(() => onParams(bag(params)))()
      return (original as (this: unknown, params: unknown) => unknown).call(this, params)
    }
    core.initSharedWorker = wrapped
  })
  // Where Streams is complete before the next script runs: the load of its script comes in between.
  natives.addDocumentListener('load', wrap, true)
  const before = Object.getOwnPropertyDescriptor(held, 'connect')
  if (before !== undefined && (before.configurable !== true || before.get === undefined)) {
    wrap()
    return
  }
  let value: unknown
  Object.defineProperty(held, 'connect', {
    configurable: true,
    enumerable: true,
    get: () => (before?.get === undefined ? value : (before.get.call(held) as unknown)),
    set: (next: unknown) => {
      if (before?.set === undefined) value = next
      else before.set.call(held, next)
      wrap()
    },
  })
}
