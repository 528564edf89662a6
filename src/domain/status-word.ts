/**
 * The name of an agent's status where a contact or an error has set it: Connect's own names for those (`PendingBusy`,
 * `MissedCallAgent`, `AfterCallWork`) are for programs. https://github.com/amazon-connect/amazon-connect-streams,
 * `AgentAvailStates` and `AgentErrorStates` of Streams 2.28.2.
 */
import type { AgentState, ContactFacts } from './agent'
import { hasAfterContactWork, hasLiveContact, isRinging } from './agent'

/** The key of its text in the catalogue. */
export type StatusWord =
  | 'statusIncoming'
  | 'statusDialing'
  | 'statusOnContact'
  | 'statusOnCall'
  | 'statusOnChat'
  | 'statusOnTask'
  | 'statusAfterContact'
  | 'statusMissed'
  | 'statusError'

const NAMES: ReadonlyMap<string, StatusWord> = new Map([
  ['pending', 'statusIncoming'],
  ['pendingbusy', 'statusIncoming'],
  ['pendingavailable', 'statusIncoming'],
  ['callingcustomer', 'statusDialing'],
  ['statusDialing', 'statusDialing'],
  ['joining', 'statusDialing'],
  ['busy', 'statusOnContact'],
  ['aftercallwork', 'statusAfterContact'],
  ['missedcallagent', 'statusMissed'],
  ['missedcallcustomer', 'statusMissed'],
])

const CHANNELS: ReadonlyMap<string, StatusWord> = new Map([
  ['voice', 'statusOnCall'],
  ['queue_callback', 'statusOnCall'],
  ['chat', 'statusOnChat'],
  ['task', 'statusOnTask'],
])

/**
 * @param contacts the agent's contacts, where they are known: they distinguish a chat from a call.
 * @returns null for a status that the organization has named, which agents know by that name.
 */
export function statusWord(
  { name, type }: Pick<AgentState, 'name' | 'type'>,
  contacts: readonly ContactFacts[] = [],
): StatusWord | null {
  const named = NAMES.get(name.toLowerCase())
  switch (type) {
    case 'error':
      return named === 'statusMissed' ? named : 'statusError'
    case 'system':
      return wordOf(contacts) ?? named ?? 'statusOnContact'
    case 'init':
    case 'unknown':
      return named ?? null
    case 'routable':
    case 'not_routable':
    case 'offline':
      return null
  }
}

function wordOf(contacts: readonly ContactFacts[]): StatusWord | null {
  const live = contacts.filter((contact) => hasLiveContact({ contacts: [contact] }))
  const taken = live.filter((contact) => !isRinging({ contacts: [contact] }))
  const [first] = taken
  if (first !== undefined) {
    const isOneKind = taken.every(({ channel }) => channel === first.channel)
    return (isOneKind ? CHANNELS.get(first.channel) : undefined) ?? 'statusOnContact'
  }
  // Only Connect's name shows that a call is outbound.
  if (live.length > 0) return null
  return hasAfterContactWork({ contacts }) ? 'statusAfterContact' : null
}
