/** For how long the agent of a close stood ready with nobody there. */
import type { Exposure } from '../exposure'
import { exposureUntil } from '../exposure'
import type { Evidence } from '../log-entry'
import type { PendingClose } from './closes'
import { offlineWhileOpenOf, stateBefore } from './close-facts'
import type { KnownOutcome } from './known-outcome'
import { isSomebodyThere, wasDeferred, wasOver } from './observed-closes'
import type { Unverified } from './next-step'
import { readyFrom, wasReadyThroughout } from './ready-from'
import type { UnverifiedReason } from '../reasons'

/** Evidence that our own call ended it: by then, and not before. */
const EXACT: readonly Evidence[] = ['set_by_background']

/** Somebody has chosen another state since, by then and not before. */
const SOMEBODYS_DOING: ReadonlySet<UnverifiedReason> = new Set(['state_changed', 'superseded'])

/** For how long the agent stood ready with nobody there; null where the close left them in a state that takes no contacts. */
export function exposureOf(close: PendingClose, known: KnownOutcome, unverified: Unverified): Exposure | null {
  const before = stateBefore(close)
  const from = readyFrom(close)
  if (before === null || from === null) return null
  // Who asks for it is there.
  if (offlineWhileOpenOf(close) === 'asked') return null
  const { returned } = close
  const end = close.recovery?.end ?? close.check?.end
  const isSomebodysDoing = end != null && 'reason' in end && SOMEBODYS_DOING.has(end.reason)
  switch (known.outcome) {
    // An agent who will be Offline is not known to be so: by when, nobody has seen.
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
      // Somebody was there all the while.
      if (known.reason === 'reload' || known.reason === 'other_ccp' || wasDeferred(close, known.would)) return null
      if (known.reason === 'contact_first' && close.documents.some((doc) => doc.gone === null)) return null
      if (returned !== null) return exposureUntil(from, before, returned)
      if (known.would !== undefined && isSomebodyThere(close, unverified)) return null
      if (end != null && (isSomebodysDoing || wasOver(close))) {
        return { from, until: end.at, certainty: 'at_most' }
      }
      // Whom the settings leave alone nobody looks after: there would be no end to it.
      if (known.outcome === 'not_needed' && known.would === undefined && end == null) return null
      return { from, until: null, certainty: 'open' }
  }
}
