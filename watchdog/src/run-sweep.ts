import type { SweepParts } from './sweep'
import { look } from './sweep'

/** How often a slot is tried for, in ms: one that another sweep has failed in is taken over this soon. */
const TRY_MS = 5_000

/**
 * Looks in each slot of time that no other sweep has claimed, until `end`. Sweeps overlap, so that one may die.
 * @param end when no further look may begin, in ms since the epoch.
 * @returns how many looks succeeded. Throws the last failure where none did.
 */
export async function runSweep(parts: SweepParts, end: number): Promise<number> {
  let looks = 0
  let failure: unknown = null
  while (parts.now() < end) {
    try {
      const result = await look(parts)
      if (result === 'nobody') return looks
      if (result === 'looked') looks += 1
      failure = null
    } catch (error) {
      failure = error
    }
    await parts.sleep(Math.min(TRY_MS, parts.slotMs))
  }
  if (failure !== null && looks === 0) throw new Error('No look of this sweep succeeded.', { cause: failure })
  return looks
}
