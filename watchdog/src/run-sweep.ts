import type { SweepParts } from './sweep'
import { look } from './sweep'

/**
 * How often a sweep tries to claim a slot, in ms. A slot in
 * which another sweep has failed is taken over within this time.
 */
const TRY_MS = 5_000

/**
 * Looks once in each time slot that no other sweep has claimed, until `end`, or until nobody is watched. Sweeps
 * overlap, so that one may die.
 * @param end when no further look may begin, in ms since the epoch
 * @returns how many looks succeeded. Throws where none did and the last one failed.
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
