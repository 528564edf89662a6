/**
 * What Streams knows of an agent, settled: the part of it that decisions need, and nothing else.
 * The words are Amazon Connect's: https://github.com/amazon-connect/amazon-connect-streams/blob/master/Documentation.md
 */

/**
 * `AgentStateType` of Streams. `system` and `error` are what voice contacts do to the state (Busy, MissedCallAgent...).
 * `offline` is also what counts as that: see `asCounted`.
 */
export type AgentStateType = 'init' | 'routable' | 'not_routable' | 'offline' | 'system' | 'error' | 'unknown'

export interface AgentState {
  /** Administrators rename and translate it: to be shown, never to be compared. */
  readonly name: string
  readonly type: AgentStateType
  readonly arn: string | null
  /** When the agent entered the state, by the server's clock, in ms since the epoch. */
  readonly startTimestamp: number | null
}

export interface ContactFacts {
  /** `voice`, `chat`, `task`, `queue_callback`, `email`...: Connect's own word. */
  readonly channel: string
  /**
   * `ContactStateType` of Streams 2.28.2: `init`, `incoming`, `pending`, `connecting`, `connected`, `paused` (a task);
   * `ended` (after-contact work), `missed`, `rejected`, `error`. Older ones know fewer; what is new is taken for live.
   */
  readonly state: string
}

export interface AgentFacts {
  readonly username: string
  readonly name: string
  readonly routingProfile: string | null
  /** null where the configuration names none, as old ones do. */
  readonly routingProfileArn: string | null
  readonly state: AgentState
  /**
   * The state that a close sets: of the agent's own list the one that the settings name, or else the one of type
   * `offline`, whatever its name; null where the list has neither. Its type is Connect's own.
   */
  readonly offlineState: AgentState | null
  readonly contacts: readonly ContactFacts[]
  /**
   * The state that the agent has chosen, where a contact has put another over it: to this one they come back. Missing
   * where Connect does not say, and in what older versions stored.
   */
  readonly chosenState?: AgentState
  /** The state that is queued for when the contacts have ended; missing where there is none, or nobody says. */
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
 * One name for an instance, whichever of its hosts a page is from: an older one is reached at `ALIAS.awsapps.com` and at
 * `ALIAS.my.connect.aws`, and aliases are unique across both. GovCloud's are instances of their own.
 */
export function instanceKey(host: string): string {
  return host.replace(/\.awsapps\.com$/, '.my.connect.aws')
}

/** Whether both are the same state of one list. */
export function isSameState(a: AgentState, b: AgentState): boolean {
  return a.arn === b.arn && (a.arn !== null || a.name === b.name)
}

/**
 * A state of the agent as it counts: the one that the settings have a close set is as good as Offline. Every state that
 * comes from Connect goes through here, so that nobody else need know of it.
 * @param target `AgentFacts.offlineState`.
 */
export function asCounted(state: AgentState, target: AgentState | null): AgentState {
  return target !== null && isSameState(state, target) ? { ...state, type: 'offline' } : state
}

/** Whether a contact, or what follows one, has made the state: it ends by itself, often in a routable one. */
export function isOfContact(state: AgentState): boolean {
  return state.type === 'system' || state.type === 'error'
}

const ENDED = new Set(['ended', 'missed', 'error', 'rejected'])

/** Whether someone is, or is about to be, talking or writing with the agent. */
export function hasLiveContact(agent: Pick<AgentFacts, 'contacts'>): boolean {
  return agent.contacts.some((contact) => !ENDED.has(contact.state))
}

/** Whether the agent is to write down something of a contact that has ended: a change of their state throws it away. */
export function hasAfterContactWork(agent: Pick<AgentFacts, 'contacts'>): boolean {
  return agent.contacts.some(({ state }) => state === 'ended')
}

/** Whether a contact, or what follows one, has a claim on the agent. */
export function isOccupied(agent: Pick<AgentFacts, 'contacts' | 'state'>): boolean {
  return isOfContact(agent.state) || hasLiveContact(agent) || hasAfterContactWork(agent)
}

/**
 * Whether the agent cannot get back to work by choosing Available: Offline is queued, and a call was missed since, so that
 * whatever they choose makes them Offline first (streams issue 613).
 */
export function isStuck({ state, nextState }: Pick<AgentFacts, 'state' | 'nextState'>): boolean {
  return state.type === 'error' && nextState?.type === 'offline'
}

/** `init` comes before them, and nobody knows which of them it becomes. */
const RINGING = new Set(['init', 'incoming', 'connecting', 'pending'])

/** Whether a contact waits for the agent to take it. */
export function isRinging(agent: Pick<AgentFacts, 'contacts'>): boolean {
  return agent.contacts.some((contact) => RINGING.has(contact.state))
}

/** Server times that are written in seconds with fractions come back with an error of this size at most, in ms. */
const SAME_TIME_MS = 5

/** Whether both are one and the same stay in a state, by the server's own clock. */
export function isSamePeriod(a: AgentState, b: AgentState): boolean {
  if (a.arn !== b.arn || a.startTimestamp === null || b.startTimestamp === null) return false
  return Math.abs(a.startTimestamp - b.startTimestamp) <= SAME_TIME_MS
}

/**
 * Whether the later one may be the stay that the earlier one was, or was about to become: where nobody could say yet since
 * when (a state that is being given back), the state alone tells.
 */
export function mayBeSamePeriod(earlier: AgentState, later: AgentState): boolean {
  return earlier.startTimestamp === null ? isSameState(earlier, later) : isSamePeriod(earlier, later)
}
