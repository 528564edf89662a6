import { bestCaller } from '../../domain/field-check/measure'
import type { CallBy } from '../../domain/field-check/observations'
import type { Ensured } from './change'
import { ensureStatus } from './change'
import type { Performing } from './performing'
import { openDocument, statesOf } from './performing'

/** Between two attempts, in ms; a contact is waited for. */
const AGAIN_MS = 3_000
const CONTACT_MS = 10_000

/**
 * An attempt to restore the status that a check has found: by the background where it is answered, else by an open CCP. Where
 * neither works the CCP is opened once, since the background may be refused and the page be gone.
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
      // Not reachable by this way, or somebody else is signed in: nothing is changed.
      return 'not_shown'
    }
  }
}
