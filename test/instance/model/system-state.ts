import type { SystemStateName } from './agent-states'
import type { Contact } from './contact'

/** What a world makes of contacts. */
export interface ContactRules {
  /** Customers are reached after their phone has rung, and callbacks ring in a state of their own. */
  readonly reachesCustomers: boolean
}

/**
 * The state that contacts put over the one that the agent has chosen; undefined where they leave it alone.
 * @param hasFailed whether the agent's softphone could not take the call.
 */
export function systemStateFor(
  contacts: readonly Contact[],
  hasFailed: boolean,
  { reachesCustomers }: ContactRules,
): SystemStateName | undefined {
  const voice = contacts.filter(({ occupiesAgent }) => occupiesAgent)
  const isCallback = ({ channel }: Contact): boolean => channel === 'queue_callback' && reachesCustomers
  if (voice.some(({ state }) => state === 'connected')) return 'Busy'
  if (voice.some(({ isReaching }) => isReaching)) return 'CallingCustomer'
  const ringing = voice.filter((contact) => contact.ringing)
  if (ringing.length > 0) return ringing.every(isCallback) ? 'Pending' : 'PendingBusy'
  if (voice.some(({ state }) => state === 'ended')) return 'AfterCallWork'
  if (!voice.some(({ state }) => state === 'error')) return undefined
  if (hasFailed) return 'FailedConnectAgent'
  return voice.every(isCallback) ? 'Default' : 'MissedCallAgent'
}
