import type { AgentFacts, AgentState, ContactFacts } from '../domain/agent'
import { AGENT_STATE_TYPES, asCounted, isSameState } from '../domain/agent'
import { targetIn } from '../domain/close-rules'
import type { InsecureAgent } from './streams'
import { bag } from './streams'

const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 1024) : '')
const textOrNull = (value: unknown): string | null => text(value) || null
const booleanOrNull = (value: unknown): boolean | null => (typeof value === 'boolean' ? value : null)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Whether it is a time in ms since the epoch that a `Date` can have: formatting a later one throws. */
export const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 8.64e15

/** Connect's timestamps arrive as `Date` or ISO text, depending on the version and on how they were sent. */
export function milliseconds(value: unknown): number | null {
  const ms = value instanceof Date || typeof value === 'string' ? new Date(value).getTime() : value
  return isTime(ms) ? ms : null
}

function readState(value: unknown): AgentState {
  const state = bag(value)
  const type = text(state['type']).toLowerCase()
  return {
    name: text(state['name']),
    type: AGENT_STATE_TYPES.find((known) => known === type) ?? 'unknown',
    arn: textOrNull(state['agentStateARN']),
    startTimestamp: milliseconds(state['startTimestamp']),
  }
}

function readContact(value: unknown): ContactFacts {
  // Contacts of Streams 1.4 have no `getState`; 1.8 and 2.28 have it under both names.
  const contact = bag(value) as {
    getType?: () => unknown
    getStatus?: () => unknown
    getContactId?: () => unknown
  }
  const id = text(contact.getContactId?.())
  return {
    channel: text(contact.getType?.()),
    state: text(bag(contact.getStatus?.())['type']).toLowerCase(),
    ...(id !== '' && { id }),
  }
}

/** The page's own object for a state of the agent's list, to be passed to Streams unchanged, or null. */
function findState(agent: InsecureAgent, is: (state: AgentState) => boolean): object | null {
  return (list(agent.getAgentStates()) as readonly object[]).find((state) => is(readState(state))) ?? null
}

/** The page's own object for a state of the agent's list, by its facts; null where the list no longer has it. */
export function findSame(agent: InsecureAgent, state: AgentState | null): unknown {
  return state === null ? null : findState(agent, (one) => isSameState(one, state))
}

/**
 * The agent's current facts from Streams. Throws where Streams has no data yet.
 * @param targetState the state that a close is to set, by name or ARN, as the settings have it.
 */
export function readAgent(agent: InsecureAgent, targetState = ''): AgentFacts {
  const configuration = bag(agent.getConfiguration())
  const profile = bag(configuration['routingProfile'])
  const states = list(agent.getAgentStates()).map(readState)
  const offlineState = targetIn(states, targetState)
  const { state: chosen, timeStamp } = bag(agent.getAvailabilityState?.())
  const availability =
    text(chosen) === '' ? {} : { availability: { name: text(chosen), since: milliseconds(timeStamp) } }
  const shown = {
    list: states,
    contacts: list(agent.getContacts()).slice(0, 50).map(readContact),
  }
  const read = (state: unknown): AgentState => asCounted(readState(state), offlineState, shown)
  /** A state under the name of a fact, or undefined. */
  const fact = <K extends string>(name: K, state: unknown): { [key in K]?: AgentState } =>
    state ? ({ [name]: read(state) } as { [key in K]: AgentState }) : {}
  return {
    username: text(configuration['username']),
    name: text(configuration['name']),
    routingProfile: textOrNull(profile['name']),
    routingProfileArn: textOrNull(profile['routingProfileARN']),
    state: asCounted({ ...readState(agent.getState()), ...availability }, offlineState, shown),
    offlineState,
    contacts: shown.contacts,
    ...fact('chosenState', chosen && findState(agent, ({ name }) => name === chosen)),
    ...fact('nextState', agent.getNextState?.()),
    softphone: booleanOrNull(configuration['softphoneEnabled']),
  }
}
