/** Whether heartbeats could have arrived: the sweep sends one itself (the canary), by the path that machines use. */
import type { Options } from './options'
import type { Case, Fleet } from './rows'

type Canary = Fleet['canary']

/**
 * The longest time between two arrived canaries that is not a gap, in ms. Two lost canaries in a row are a gap: it may
 * have cost an agent two heartbeats, each with its second attempt.
 */
function gapMs({ intervalMs }: Options): number {
  return 1.25 * intervalMs
}

/** The canary after one more attempt. An `okAt` in the future comes from a wrong clock, and counts as a gap. */
export function afterCanary(canary: Canary, hasArrived: boolean, options: Options, now: number): Canary {
  if (!hasArrived) return canary
  const isUnbroken = now >= canary.okAt && now - canary.okAt <= gapMs(options)
  return { okSince: isUnbroken ? canary.okSince : now, okAt: now }
}

/** Whether silence proves anything: heartbeats arrive now, and have for two whole intervals since the last gap. */
export function isIngestProven(canary: Canary, { intervalMs }: Case, options: Options, now: number): boolean {
  return now - canary.okAt <= gapMs(options) && now - canary.okSince >= 2 * intervalMs
}
