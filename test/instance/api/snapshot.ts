import type { AgentState } from '../model/agent-states'
import { arn, uuid } from '../model/arn'
import type { ContactView } from '../model/contact'
import type { AgentView } from '../model/published-agent'
import type { JsonRecord } from '../server/json'
import type { World } from '../world/axes'

/** Converts to the timestamps of AWS JSON 1.0: seconds, with milliseconds as decimals. */
const seconds = (ms: number): number => ms / 1000

/** A queue as the API shows it. */
export const queueOf = (alias: string, name: string): JsonRecord => ({
  queueARN: arn(alias, 'queue', uuid(`${alias}/queue/${name}`)),
  name,
})

/**
 * A state's start as snapshots show it, in ms. Real instances answer their own time minus the whole seconds in the
 * state, so that the start of the same state period differs from snapshot to snapshot.
 */
function startOf({ since }: AgentState, now: number, { startTimes }: World): number {
  return startTimes === 'fixed' ? since : now - Math.floor(Math.max(0, now - since) / 1000) * 1000
}

function arnOf(state: AgentState, { stateArns }: World): string | null {
  return stateArns === 'all' || (stateArns === 'offline-only' && state.type === 'offline') ? state.arn : null
}

function stateOnWire(state: AgentState, now: number, world: World): JsonRecord {
  return {
    agentStateARN: arnOf(state, world),
    type: state.type,
    name: state.name,
    startTimestamp: seconds(startOf(state, now, world)),
  }
}

/** A state as `GetAgentStates` lists it. */
export function listedState({ arn: agentStateARN, type, name, since }: AgentState, world: World): JsonRecord {
  return { agentStateARN, type, name, startTimestamp: world.listedStarts === 'set' ? seconds(since) : null }
}

/**
 * A contact's connections. `chatMediaInfo` is null, since with
 * it Streams would use ChatJS, which these pages do not load.
 */
function connectionsOf(contact: ContactView): JsonRecord[] {
  const timestamp = seconds(contact.stateSince)
  const voice = contact.occupiesAgent
  const nothing = { chatMediaInfo: null, monitoringInfo: null, quickConnectName: null }
  const state = { type: contact.agentConnection, timestamp }
  if (contact.direction === 'monitoring') {
    return [
      { ...nothing, connectionId: contact.agentConnectionId, endpoint: null, state, type: 'monitoring', mute: null },
    ]
  }
  const agent = {
    ...nothing,
    connectionId: contact.agentConnectionId,
    endpoint: null,
    state,
    type: 'agent',
    initial: false,
    ...(voice && { softphoneMediaInfo: { callType: 'audio_only', autoAccept: false, callConfigJson: '{}' } }),
    mute: false,
    forcedMute: false,
  }
  const customer = {
    ...nothing,
    connectionId: contact.customerConnectionId,
    endpoint: voice
      ? { type: 'phone_number', name: contact.customer, phoneNumber: `sip:${contact.phone}@lily-outbound` }
      : { type: 'agent', name: contact.customer },
    state: { type: contact.customerConnection, timestamp },
    type: contact.direction,
    initial: true,
    mute: null,
  }
  const guests = contact.guests.map(({ id, phone }) => ({
    ...nothing,
    connectionId: id,
    endpoint: { type: 'phone_number', phoneNumber: `sip:${phone}@lily-outbound` },
    state: { type: 'connected', timestamp },
    type: 'outbound',
    initial: false,
    mute: null,
  }))
  return [agent, customer, ...guests]
}

function contactOnWire(alias: string, contact: ContactView, now: number): JsonRecord {
  const attributes = Object.entries(contact.attributes).map(([name, value]) => [name, { name, value }])
  const isTask = contact.channel === 'task'
  const isQueued = contact.direction !== 'monitoring'
  return {
    contactId: contact.id,
    initialContactId: null,
    type: contact.channel,
    state: { type: contact.state, timestamp: seconds(contact.stateSince) },
    queue: isQueued ? queueOf(alias, contact.queue) : null,
    queueTimestamp: isQueued ? seconds(contact.queuedAt) : null,
    connections: connectionsOf(contact),
    attributes: Object.fromEntries(attributes) as JsonRecord,
    contactDuration: String(Math.round((now - contact.queuedAt) / 1000)),
    initiationMethod: null,
    channelContext: null,
    name: isTask ? contact.customer : null,
    description: isTask ? 'Call back about the order.' : null,
    references: isTask ? {} : null,
  }
}

/** The answer of `GetAgentSnapshot`, before `jsonOf` adapts it to the world. */
export function snapshotOf(alias: string, view: AgentView, world: World, now: number = Date.now()): JsonRecord {
  const { state, chosen, next, contacts, version } = view
  const availability = { state: chosen.name, timeStamp: seconds(chosen.since) }
  return {
    snapshot: {
      state: stateOnWire(state, now, world),
      nextState: next === undefined ? null : stateOnWire(next, now, world),
      ...(world.availability === 'told' && { agentAvailabilityState: availability }),
      contacts: contacts.map((contact) => contactOnWire(alias, contact, now)),
      snapshotTimestamp: seconds(now),
    },
    nextToken: String(version),
  }
}
