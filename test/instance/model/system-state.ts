import type { SystemStateName } from './agent-states'
import type { Contact } from './contact'

/** How contacts behave in a world. */
export interface ContactRules {
  /** Whether customers' phones ring before they answer, and callbacks ring in a state of their own. */
  readonly reachesCustomers: boolean
}

/**
 * The state that contacts put over the chosen one; undefined where they do not change it.
 * @param hasFailed whether the agent's softphone could not accept the call
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
