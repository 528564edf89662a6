import type { CloseRules } from '../close-rules'
import type { Mode, RecoveryUse } from '../settings'
import type { DocumentHeader } from './ccp-document'

/** What the machine must know of the world besides events. */
export interface Context {
  readonly extensionVersion: string
  /** In mode `act` the instance is asked after a close, and a state set; in `observe` it is asked once. */
  readonly mode: Mode
  /** Whether the background may ask the instance at all. */
  readonly mayAsk: boolean
  /** What is done where only a CCP can still set an agent Offline. */
  readonly recovery: RecoveryUse
  /** How long a reload may take, in ms. */
  readonly graceMs: number
  /** Whether agents are logged out after their last close; absent: not. */
  readonly logsOut?: boolean
  /** What the settings say of closes of a document: whom they leave alone is left alone by everything that follows. */
  readonly rules: (doc: DocumentHeader) => CloseRules
}
