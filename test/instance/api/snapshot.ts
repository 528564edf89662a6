import type { AgentModel } from '../model/agent-model'
import type { AgentState } from '../model/agent-states'
import { arn, uuid } from '../model/arn'
import type { Contact } from '../model/contact'
import type { JsonRecord } from '../server/json'

/** Timestamps of AWS JSON 1.0 are seconds, with the milliseconds behind the point. */
const seconds = (ms: number): number => ms / 1000

export const queueOf = (alias: string, name: string): JsonRecord => ({
  queueARN: arn(alias, 'queue', uuid(`${alias}/queue/${name}`)),
  name,
})

export function stateOnWire(state: AgentState): JsonRecord {
  return { agentStateARN: state.arn, type: state.type, name: state.name, startTimestamp: seconds(state.since) }
}

/** Without `chatMediaInfo`: with it Streams starts a chat session by ChatJS, which these pages do not load. */
function connectionsOf(contact: Contact): JsonRecord[] {
  const timestamp = seconds(contact.stateSince)
  const voice = contact.occupiesAgent
  const agent = {
    connectionId: contact.agentConnectionId,
    state: { type: contact.agentConnection, timestamp },
    type: 'agent',
    initial: false,
    ...(voice && { softphoneMediaInfo: { callType: 'audio_only', autoAccept: false, callConfigJson: '{}' } }),
    mute: false,
    forcedMute: false,
  }
  const customer = {
    connectionId: contact.customerConnectionId,
    endpoint: voice
      ? { type: 'phone_number', name: contact.customer, phoneNumber: `sip:${contact.phone}@lily-outbound` }
      : { type: 'agent', name: contact.customer },
    state: { type: contact.customerConnection, timestamp },
    type: contact.direction,
    initial: true,
  }
  const guests = contact.guests.map(({ id, phone }) => ({
    connectionId: id,
    endpoint: { type: 'phone_number', phoneNumber: `sip:${phone}@lily-outbound` },
    state: { type: 'connected', timestamp },
    type: 'outbound',
    initial: false,
  }))
  return [agent, customer, ...guests]
}

function contactOnWire(alias: string, contact: Contact): JsonRecord {
  const attributes = Object.entries(contact.attributes).map(([name, value]) => [name, { name, value }])
  return {
    contactId: contact.id,
    initialContactId: contact.id,
    type: contact.channel,
    state: { type: contact.state, timestamp: seconds(contact.stateSince) },
    queue: queueOf(alias, contact.queue),
    queueTimestamp: seconds(contact.queuedAt),
    connections: connectionsOf(contact),
    attributes: Object.fromEntries(attributes) as JsonRecord,
    contactDuration: String(Math.round((Date.now() - contact.queuedAt) / 1000)),
    initiationMethod: contact.direction,
    ...(contact.channel === 'task' && {
      name: contact.customer,
      description: 'Call back about the order.',
      references: {},
    }),
  }
}

/** The answer of `GetAgentSnapshot`. */
export function snapshotOf(agent: AgentModel): JsonRecord {
  const next = agent.nextState()
  const visible = agent.visibleState()
  return {
    snapshot: {
      state: stateOnWire(agent.state()),
      ...(next && { nextState: stateOnWire(next) }),
      agentAvailabilityState: { state: visible.name, timeStamp: seconds(visible.since) },
      contacts: agent.contacts().map((contact) => contactOnWire(agent.alias, contact)),
      snapshotTimestamp: seconds(Date.now()),
    },
    nextToken: String(agent.version),
  }
}
