/** For how long the agent of a close stood ready with nobody there. */
import type { Exposure } from '../exposure'
import { exposureUntil } from '../exposure'
import type { Evidence } from '../log-entry'
import type { UnverifiedReason } from '../verification'
import type { PendingClose } from './closes'
import { recoveryOf, signOffKindOf, stateBefore, verificationOf } from './closes'
import type { Ending } from './ending'
import { isSomebodyThere, wasLeft, wasOver } from './observed'
import type { Unverified } from './question'
import { readyFrom, wasReadyThroughout } from './readiness'

/** Evidence of a call of ours that ended it: by then, and not before. */
const EXACT: readonly Evidence[] = ['call_answered', 'set_by_background', 'set_by_recovery']

/** Somebody has chosen another state since, by then and not before. */
const SOMEBODYS_DOING: ReadonlySet<UnverifiedReason> = new Set(['state_changed', 'superseded'])

/** For how long the agent stood ready with nobody there; null where the close left them in a state that takes no contacts. */
export function exposureOf(close: PendingClose, ending: Ending, unverified: Unverified): Exposure | null {
  const before = stateBefore(close)
  const from = readyFrom(close)
  if (before === null || from === null) return null
  // Who asks for it is there.
  if (signOffKindOf(close) === 'asked') return null
  const returned = close.documents.find((doc) => doc.returned !== null)?.returned ?? null
  const end = recoveryOf(close)?.end ?? verificationOf(close)?.end
  switch (ending.outcome) {
    case 'confirmed': {
      const isExact = EXACT.includes(ending.evidence) && wasReadyThroughout(close)
      return { from, until: ending.knownAt, certainty: isExact ? 'exact' : 'at_most' }
    }
    case 'not_needed':
    case 'left_available':
    case 'unprotected':
    case 'unconfirmed':
    case 'failed':
      // Somebody was there all the while.
      if (ending.reason === 'reload' || ending.reason === 'other_ccp' || wasLeft(close, ending.would)) return null
      if (ending.reason === 'contact_first' && close.documents.some((doc) => doc.gone === null)) return null
      if (returned !== null) return exposureUntil(from, before, returned)
      if (ending.would !== undefined && isSomebodyThere(close, unverified)) return null
      if (end != null && ((!end.confirmed && SOMEBODYS_DOING.has(end.reason)) || wasOver(close))) {
        return { from, until: end.at, certainty: 'at_most' }
      }
      // Whom the settings leave alone nobody looks after: there would be no end to it.
      if (ending.outcome === 'not_needed' && ending.would === undefined && end == null) return null
      return { from, until: null, certainty: 'open' }
  }
}
