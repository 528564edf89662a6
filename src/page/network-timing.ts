import type { Measurement } from '../domain/hold-time'
import { guard } from './guard'
import { natives } from './natives'

/**
 * Watches the timing of the next request to an address. The page's list of past requests may be full; a listener still gets the
 * entry.
 * @param onMeasured called once, when the answer has been read to its end.
 * @returns how to stop.
 */
export function watchNetworkTiming(url: string, onMeasured: (measured: Omit<Measurement, 'at'>) => void): () => void {
  const { PerformanceObserver: Observer } = natives
  if (Observer === undefined) return () => undefined
  const startedAt = natives.performanceNow()
  const observer = new Observer(
    guard((list: PerformanceObserverEntryList) => {
      const entry = (list.getEntriesByName(url) as PerformanceResourceTiming[]).find(
        (one) => one.initiatorType === 'fetch' && one.startTime >= startedAt,
      )
      // Without `responseStart` it was broken off.
      if (entry === undefined || entry.responseStart === 0) return
      observer.disconnect()
      const connectMs = entry.connectEnd - entry.connectStart
      onMeasured({
        roundTripMs: entry.responseStart - entry.requestStart,
        connectMs: connectMs > 0 ? connectMs : null,
        reused: connectMs === 0,
        shared: /^h[23]/.test(entry.nextHopProtocol),
      })
    }),
  )
  observer.observe({ type: 'resource' })
  return () => observer.disconnect()
}
