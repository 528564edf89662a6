/** When an update of the extension may replace the running version. */
import { hasLiveContact } from '../agent'
import { pendingCloses } from './closes'
import { unansweredCloses } from './retry'
import type { CloseState } from './state'

/**
 * Whether no agent has a contact, no close is pending, and no recovery CCP is open. A close that waits for an instance that does
 * not answer may wait for hours, and the new version continues with it.
 */
export function isUpdateSafe(state: CloseState): boolean {
  const onContact = Object.values(state.documents).some(
    (doc) => doc.gone === null && doc.agent !== null && hasLiveContact(doc.agent),
  )
  return !onContact && pendingCloses(state).length === unansweredCloses(state).length && state.recovery === null
}
