/** When an update of the extension may replace the running version. */
import { hasLiveContact } from '../agent'
import { pendingCloses } from './closes'
import type { CloseState } from './state'

/** Whether no agent has a contact, no close is pending, and no recovery CCP is open. */
export function isUpdateSafe(state: CloseState): boolean {
  const onContact = Object.values(state.documents).some(
    (doc) => doc.gone === null && doc.agent !== null && hasLiveContact(doc.agent),
  )
  return !onContact && pendingCloses(state).length === 0 && state.recovery === null
}
