import type { CloseRules } from '../close-rules'
import type { Mode, RecoveryUse } from '../settings'
import type { DocumentHeader } from './ccp-document'

/** What the state machine must know besides events. */
export interface Context {
  readonly extensionVersion: string
  /** In mode `act` the instance is asked after a close, and a state set; in `observe` it is only asked, once. */
  readonly mode: Mode
  /** Whether the background may ask the instance at all. */
  readonly mayAsk: boolean
  /** What is done where only a CCP can still set an agent Offline. */
  readonly recoveryUse: RecoveryUse
  /** How long a reload may take, in ms. */
  readonly graceMs: number
  /** Whether agents are logged out after their last close; absent: no. */
  readonly logsOut?: boolean
  /** What the settings say of closes in a document: agents whom they exclude are left alone by everything that follows. */
  readonly rulesOf: (doc: DocumentHeader) => CloseRules
}
