/** Whether heartbeats would have arrived: the sweep sends one itself, on the way that machines take. */
import type { Options } from './options'
import type { Case, Fleet } from './rows'

type Canary = Fleet['canary']

/**
 * Two canaries of three in a row that are lost are a gap: it may have cost an agent two heartbeats, each with its second
 * attempt.
 * @returns in ms.
 */
function gapMs({ intervalMs }: Options): number {
  return 1.25 * intervalMs
}

/** The canary after one more attempt. A time to come was noted by a clock that was wrong. */
export function afterCanary(canary: Canary, hasArrived: boolean, options: Options, now: number): Canary {
  if (!hasArrived) return canary
  const isUnbroken = now >= canary.okAt && now - canary.okAt <= gapMs(options)
  return { okSince: isUnbroken ? canary.okSince : now, okAt: now }
}

/** Whether silence means anything: heartbeats arrive now, and have for two fresh intervals since the last gap. */
export function isIngestProven(canary: Canary, { intervalMs }: Case, options: Options, now: number): boolean {
  return now - canary.okAt <= gapMs(options) && now - canary.okSince >= 2 * intervalMs
}
