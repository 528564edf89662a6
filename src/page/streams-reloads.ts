import type { DepartureHint } from '../domain/close-report'
import { guard } from './guard'
import type { InsecureStreams } from './streams'
import { bag } from './streams'

/**
 * Reports that Streams is about to reload the page: after a log-out, here or in another CCP; and, in old versions, when a token
 * was refused. Streams subscribed first: only a subscription to all events is called in time.
 */
export function hearReloads(streams: InsecureStreams, onReload: (hint: DepartureHint) => void): unknown {
  const bus = streams.core.getEventBus()
  const { TERMINATED: terminated, AUTH_FAIL: refused } = bag(streams.EventType)
  if (!bus || typeof terminated !== 'string') return null
  const hear = guard((_data: unknown, event: unknown) => {
    if (event === terminated) onReload('terminated')
    else if (event === refused) onReload('reload')
  })
  if (typeof bus.subscribeAll === 'function') return bus.subscribeAll(hear)
  return bus.subscribe(terminated, () => hear(null, terminated))
}
