/** What the events of documents say of closes: their own, and those of other documents. */
import { updatePending, withStep } from './close'
import { closeOfDocument } from './closes'
import { withDuty } from './duties'
import type { ReceivedEvent } from './events'
import { restoreOf } from './restore-duty'
import { withReturnAnswer } from './return-offer'
import { withAgentSeen } from './sightings'
import type { CloseState } from './state'

/** Applies what a document has reported about closes: its own, and those of other documents. */
export function withEventOfCloses(state: CloseState, event: ReceivedEvent): CloseState {
  const { header, docEvent, at } = event
  if (docEvent.type === 'agent') return withAgentSeen(state, header.docId, at)
  if (docEvent.type === 'closing') return withRestoreOf(state, header.docId)
  if (docEvent.type !== 'undone' && docEvent.type !== 'given_back') return state
  // A close that has no entry yet: the step belongs into its timeline.
  return updatePending(withReturnAnswer(state, event), docEvent.closeId, (close) =>
    withStep(close, { at, event: docEvent.type }),
  )
}

/** Notes the status that the document may have to restore, once for each close report. */
function withRestoreOf(state: CloseState, docId: string): CloseState {
  const doc = state.documents[docId]
  const close = closeOfDocument(state, docId)
  const duty = doc === undefined ? null : restoreOf(doc)
  return close === null || duty === null ? state : withDuty(state, close.id, duty)
}
