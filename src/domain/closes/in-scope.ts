/** What the settings say of a close: its documents may be of different kinds, as in the agent workspace. */
import type { CloseRules } from '../close-rules'
import type { PendingClose } from './closes'
import { leadOf } from './close-facts'
import type { CcpDocument } from './ccp-document'

/**
 * The rules of a close. A frame that the settings exclude does not speak for the page around it.
 * @param rulesOf what the settings say of closes of a document.
 */
export function rulesOfClose(close: PendingClose, rulesOf: (doc: CcpDocument) => CloseRules): CloseRules {
  const inScope = close.documents.map(rulesOf).find(({ excluded }) => excluded === null)
  return inScope ?? rulesOf(leadOf(close))
}
