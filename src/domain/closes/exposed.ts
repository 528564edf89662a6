/** For how long the agent of a close was Available with nobody there. */
import type { Exposure } from '../exposure'
import { exposureUntil } from '../exposure'
import type { Evidence } from '../log-entry'
import type { PendingClose } from './closes'
import { offlineWhileOpenOf, stateBefore } from './close-facts'
import type { KnownOutcome } from './known-outcome'
import { isSomebodyThere, wasDeferred, wasOver } from './observed-closes'
import type { FinalizeReason } from './next-step'
import { readyFrom, wasReadyThroughout } from './ready-from'
import type { UnconfirmedReason } from '../reasons'

/** Evidence that the extension's own call ended the exposure, at a known time. */
const EXACT: readonly Evidence[] = ['set_by_background']

/** Somebody has chosen another state since the close, at an unknown time. */
const SOMEBODYS_DOING: ReadonlySet<UnconfirmedReason> = new Set(['state_changed', 'superseded'])

/** For how long the agent was Available with nobody there; null where the close left them in a state that takes no contacts. */
export function exposureOf(close: PendingClose, known: KnownOutcome, why: FinalizeReason): Exposure | null {
  const before = stateBefore(close)
  const from = readyFrom(close)
  if (before === null || from === null) return null
  // An agent who asks for Offline is there.
  if (offlineWhileOpenOf(close) === 'asked') return null
  const { returned } = close
  const end = close.recovery?.end ?? close.check?.end
  const isSomebodysDoing = end != null && 'reason' in end && SOMEBODYS_DOING.has(end.reason)
  switch (known.outcome) {
    // Offline was accepted, but nobody has seen when it took effect.
    case 'accepted':
      return { from, until: known.knownAt, certainty: 'at_most' }
    case 'confirmed': {
      const isExact = EXACT.includes(known.evidence) && wasReadyThroughout(close)
      return { from, until: known.knownAt, certainty: isExact ? 'exact' : 'at_most' }
    }
    case 'not_needed':
    case 'left_available':
    case 'unprotected':
    case 'unconfirmed':
    case 'failed':
      // A CCP of the agent was open all the while.
      if (known.reason === 'reload' || known.reason === 'other_ccp' || wasDeferred(close, known.would)) return null
      if (known.reason === 'contact_first' && close.documents.some((doc) => doc.gone === null)) return null
      if (returned !== null) return exposureUntil(from, before, returned)
      if (known.would !== undefined && isSomebodyThere(close, why)) return null
      if (end != null && (isSomebodysDoing || wasOver(close))) {
        return { from, until: end.at, certainty: 'at_most' }
      }
      // Nobody looks after an agent whom the settings exclude: their exposure would never end.
      if (known.outcome === 'not_needed' && known.would === undefined && end == null) return null
      return { from, until: null, certainty: 'open' }
  }
}
