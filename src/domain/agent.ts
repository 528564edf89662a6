/**
 * What Streams knows of an agent, settled: the part of it that decisions need, and nothing else.
 * The words are Amazon Connect's: https://github.com/amazon-connect/amazon-connect-streams/blob/master/Documentation.md
 */
/**
 * `AgentStateType` of Streams. `system` and `error` are what voice contacts do to the state (Busy, MissedCallAgent...).
 * `offline` is also what counts as that: see `asCounted`.
 */
export const AGENT_STATE_TYPES = ['init', 'routable', 'not_routable', 'offline', 'system', 'error', 'unknown'] as const
export type AgentStateType = (typeof AGENT_STATE_TYPES)[number]

/** What `agentAvailabilityState` says of the agent's own choice, whatever state a contact has put over it. */
export interface Availability {
  /** The name of the chosen state: the service gives neither its type nor its ARN. */
  readonly name: string
  /** When it was chosen, by the service's clock, in ms since the epoch; null where the service does not say. */
  readonly since: number | null
}

export interface AgentState {
  /** Administrators rename and translate it: to be shown, never to be compared. */
  readonly name: string
  readonly type: AgentStateType
  readonly arn: string | null
  /**
   * When the agent entered the state, by the server's clock, in ms since the epoch. It moves by less than a second from one
   * snapshot to the next: compare states by `state-period.ts` alone.
   */
  readonly startTimestamp: number | null
  /** A time of the server's clock before which the state did not begin, where its start is not known: a status that is being restored. */
  readonly notBefore?: number
  /** What the agent has chosen; missing where the service did not send it with the state. */
  readonly availability?: Availability
}

export interface ContactFacts {
  /** `voice`, `chat`, `task`, `queue_callback`, `email`...: Connect's own term. */
  readonly channel: string
  /**
   * `ContactStateType` of Streams 2.28.2: `init`, `incoming`, `pending`, `connecting`, `connected`, `paused` (a task); `ended`
   * (after-contact work), `missed`, `rejected`, `error`. Older versions know fewer; a state that is not in this list counts as
   * live.
   */
  readonly state: string
  /** Connect's own id of the contact; missing where Connect does not send it, and in what older versions stored. */
  readonly id?: string
}

export interface AgentFacts {
  readonly username: string
  readonly name: string
  readonly routingProfile: string | null
  /** null where the configuration names none, as old configurations do. */
  readonly routingProfileArn: string | null
  readonly state: AgentState
  /**
   * The state that a close sets: of the agent's own list the one that the settings name, or else the one of type
   * `offline`, whatever its name; null where the list has neither. Its type is Connect's own.
   */
  readonly offlineState: AgentState | null
  readonly contacts: readonly ContactFacts[]
  /**
   * The state that the agent has chosen, where a contact has put another over it: the agent returns to it after the contact.
   * Missing where Connect does not say, and in what older versions stored.
   */
  readonly chosenState?: AgentState
  /** The state that is queued for the end of the contacts; missing where none is queued, or where Connect does not say. */
  readonly nextState?: AgentState
  /** Whether the agent talks in the browser, and not by a desk phone; null where Connect does not say. */
  readonly softphone: boolean | null
}

/** Who it is, across documents: user names are unique in an instance. */
export type AgentKey = string

export function agentKey(instance: string, agent: Pick<AgentFacts, 'username'>): AgentKey {
  return `${instanceKey(instance)}/${agent.username}`
}

/**
 * One name for an instance, whichever of its hosts a page is from: an older instance is reached at `ALIAS.awsapps.com` and at
 * `ALIAS.my.connect.aws`, and aliases are unique across both. GovCloud's are instances of their own.
 */
export function instanceKey(host: string): string {
  return host.replace(/\.awsapps\.com$/, '.my.connect.aws')
}

/** Types that may name one state in two views: the state that a close sets counts as `offline` (see `asCounted`). */
const TARGET_TYPES: ReadonlySet<AgentStateType> = new Set(['offline', 'not_routable'])

/**
 * Whether both are the same state of the agent's list. By ARN where both have one; some snapshots lack the ARN, and then name and
 * type decide.
 */
export function isSameState(a: AgentState, b: AgentState): boolean {
  if (a.arn !== null && b.arn !== null) return a.arn === b.arn
  return a.name === b.name && (a.type === b.type || (TARGET_TYPES.has(a.type) && TARGET_TYPES.has(b.type)))
}

/** What a snapshot or Streams says beside the state itself. */
export interface AgentExtras {
  /** The agent's own list of states; empty where it is not known. */
  readonly list?: readonly AgentState[]
  readonly contacts?: readonly ContactFacts[]
}

/**
 * A state of the agent as it counts. Every state that comes from Connect goes through here, so that no other module need know
 * of it:
 * - The state that the settings have a close set is as good as Offline.
 * - A state that the agent has not chosen comes from a contact, whatever its type: `system` while a contact is live, as
 *   Busy is, and else `error`, as after a missed one. It differs from the availability or, where the service does not send one, it is
 *   missing in the agent's own list; or its type is unknown.
 * @param target `AgentFacts.offlineState`.
 */
export function asCounted(
  state: AgentState,
  target: AgentState | null,
  { list = [], contacts = [] }: AgentExtras = {},
): AgentState {
  // Nothing can be compared without a name.
  if (state.type === 'offline' || isOfContact(state) || state.type === 'init' || state.name === '') return state
  const mayBeOffline = state.type === 'not_routable' && target !== null && TARGET_TYPES.has(target.type)
  if (mayBeOffline && isSameState(state, target)) return { ...state, type: 'offline' }
  return isChosen(state, list) ? state : { ...state, type: hasLiveContact({ contacts }) ? 'system' : 'error' }
}

function isChosen(state: AgentState, list: readonly AgentState[]): boolean {
  if (state.type === 'unknown') return false
  if (state.availability !== undefined) return state.availability.name === state.name
  return list.length === 0 || list.some((one) => isSameState(one, state))
}

/** Whether the state comes from a contact or from what follows one: such a state ends by itself, often in a routable one. */
export function isOfContact(state: AgentState): boolean {
  return state.type === 'system' || state.type === 'error'
}

const ENDED = new Set(['ended', 'missed', 'error', 'rejected'])

/** Whether someone is, or is about to be, talking or writing with the agent. */
export function hasLiveContact(agent: Pick<AgentFacts, 'contacts'>): boolean {
  return agent.contacts.some((contact) => !ENDED.has(contact.state))
}

/** Whether the agent still has notes to write about a contact that has ended: a change of their state throws the notes away. */
export function hasAfterContactWork(agent: Pick<AgentFacts, 'contacts'>): boolean {
  return agent.contacts.some(({ state }) => state === 'ended')
}

/** Whether the agent is talking or writing: `connected`, or a task that they have paused. */
export function isConnected({ state }: ContactFacts): boolean {
  return state === 'connected' || state === 'paused'
}

/** Whether the agent has taken a contact: it is connected, or was until it ended. */
export function wasConnected(contact: ContactFacts): boolean {
  return isConnected(contact) || contact.state === 'ended'
}

/** Whether a contact, or what follows one, has a claim on the agent. */
export function isOccupied(agent: Pick<AgentFacts, 'contacts' | 'state'>): boolean {
  return isOfContact(agent.state) || hasLiveContact(agent) || hasAfterContactWork(agent)
}

/**
 * Whether the agent cannot get back to work by choosing Available: Offline is queued and a call was missed since, so any choice
 * takes them Offline first (streams issue 613).
 */
export function isStuck({ state, nextState }: Pick<AgentFacts, 'state' | 'nextState'>): boolean {
  return state.type === 'error' && nextState?.type === 'offline'
}

/** `init` precedes the others, and may become any of them. */
const RINGING = new Set(['init', 'incoming', 'connecting', 'pending'])

/** Whether a contact waits for the agent to take it. */
export function isRinging(agent: Pick<AgentFacts, 'contacts'>): boolean {
  return agent.contacts.some((contact) => RINGING.has(contact.state))
}
