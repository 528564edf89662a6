import { bestCaller } from '../../domain/field-check/measure'
import type { CallBy } from '../../domain/field-check/observations'
import type { Ensured } from './change'
import { ensureStatus } from './change'
import type { Performing } from './performing'
import { openDocument, statesOf } from './performing'

/** The pauses after a failed attempt, and while there is a contact, in ms. */
const AGAIN_MS = 3_000
const CONTACT_MS = 10_000

/**
 * Makes one attempt to restore the status from before the check: first by the caller that works best, then by the other
 * one. Where both fail, the CCP is opened once: the background may be refused, and no CCP may be open.
 */
export async function restoreAgent(at: Performing): Promise<Ensured> {
  const { check, outside, pause } = at
  const { original } = check
  if (original === null) return 'shown'
  const best = bestCaller(check.observed)
  const callers: readonly CallBy[] = best === 'background' ? ['background', 'page'] : ['page', 'background']
  let ended: Ensured = 'not_shown'
  for (const by of callers) {
    ended = await attempt(by, at)
    if (ended !== 'not_shown') break
  }
  if (ended === 'contact') await pause(CONTACT_MS)
  if (ended === 'not_shown') {
    if (check.tries === 0 && (await openDocument(outside)) === null) await outside.openCcp().catch(() => undefined)
    await pause(AGAIN_MS)
  }
  return ended

  async function attempt(by: CallBy, parts: Performing): Promise<Ensured> {
    try {
      return original === null ? 'shown' : await ensureStatus(by, original, { ...parts, states: await statesOf(parts) })
    } catch {
      // The instance does not answer this caller, or somebody else is signed in. Nothing was changed.
      return 'not_shown'
    }
  }
}
