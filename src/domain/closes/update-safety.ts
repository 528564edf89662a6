/** When an update of the extension may replace the running version. */
import { hasLiveContact } from '../agent'
import { hasOwnCookies } from './close-facts'
import type { PendingClose } from './closes'
import { pendingCloses } from './closes'
import { isUnanswered } from './retry'
import type { CloseState } from './state'

/** Whether no agent has a contact, no recovery CCP is open, and no close is pending with which the new version could not continue. */
export function isUpdateSafe(state: CloseState): boolean {
  const onContact = Object.values(state.documents).some(
    (doc) => doc.gone === null && doc.agent !== null && hasLiveContact(doc.agent),
  )
  return !onContact && state.recovery === null && pendingCloses(state).every(mayContinue)
}

/**
 * Whether a close waits for an instance that does not answer, which may take hours. Not where the background asks with a token that
 * the page has lent: an update loses it.
 */
function mayContinue(close: PendingClose): boolean {
  return isUnanswered(close) && hasOwnCookies(close)
}
