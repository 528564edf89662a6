import type { Cause, RequestEntry } from '../journal'
import type { AgentModel } from '../model/agent-model'
import { arn, uuid } from '../model/arn'
import { ApiError, invalidParameter } from '../model/errors'
import { numberAt, recordAt, textAt, type JsonRecord } from '../server/json'
import { listedState, queueOf, snapshotOf } from './snapshot'
import type { Tenant } from './tenant'

/** One call of the API by an agent who is signed in. */
export interface Call {
  readonly tenant: Tenant
  readonly agent: AgentModel
  readonly input: JsonRecord
  readonly request: RequestEntry
  /** The address of this instance's web socket. */
  readonly webSocketUrl: string
  /** Aborted when the client goes away. */
  readonly gone: AbortSignal
}

type Operation = (call: Call) => JsonRecord | Promise<JsonRecord>

const QUEUES = ['BasicQueue', 'Billing', 'Support']
const COUNTRIES = ['us', 'de', 'gb', 'fr', 'es']
const PERMISSIONS = ['outboundCall']

const causeOf = (call: Call): Cause => ({ by: 'api', operation: call.request.operation, request: call.request })

/** One page of a list. `nextToken` is the index of the next page's first item. */
function pageOf({ tenant, input }: Call, key: string, items: readonly unknown[]): JsonRecord {
  const from = Number(textAt(input, 'nextToken') ?? 0)
  const to = from + Math.min(numberAt(input, 'maxResults') ?? 500, tenant.options.pageSize ?? 500)
  return { [key]: items.slice(from, to), nextToken: to < items.length ? String(to) : null }
}

/**
 * Answers with a snapshot: at once if the client's is outdated,
 * otherwise at a change, at the timeout or when the client is gone.
 */
async function longPoll({ tenant, agent, input, gone }: Call): Promise<JsonRecord> {
  const known = textAt(input, 'nextToken')
  const published = tenant.publishedOf(agent)
  if (known === String(published.view().version)) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        stop()
        gone.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, numberAt(input, 'timeout') ?? 5000)
      const stop = published.onChange(done)
      gone.addEventListener('abort', done)
    })
  }
  return snapshotOf(tenant.alias, published.view(), tenant.world)
}

const agentId = ({ tenant, agent }: Call): string => uuid(`${tenant.alias}/agent/${agent.username}`)

function configuration(call: Call): JsonRecord {
  const { tenant, agent } = call
  return {
    configuration: {
      name: agent.name,
      username: agent.username,
      softphoneEnabled: agent.softphone,
      softphoneAutoAccept: false,
      extension: '',
      routingProfile: {
        name: 'Basic Routing Profile',
        routingProfileARN: arn(tenant.alias, 'routing-profile', uuid(`${tenant.alias}/routing-profile`)),
        defaultOutboundQueue: queueOf(tenant.alias, 'BasicQueue'),
        channelConcurrencyMap: { CHAT: 10, TASK: 10, VOICE: 1 },
      },
      agentPreferences: { LANGUAGE: 'en_US' },
      agentARN: arn(tenant.alias, 'agent', agentId(call)),
    },
  }
}

/** The agent's queues. The agent's own queue has no name; Streams 2 takes the agent's id from its ARN. */
const queuesOf = (call: Call): JsonRecord[] => [
  { queueARN: arn(call.tenant.alias, 'queue/agent', agentId(call)) },
  ...(call.tenant.options.inboundQueues ?? QUEUES).map((name) => queueOf(call.tenant.alias, name)),
]

const statesOf = ({ tenant, agent }: Call): JsonRecord[] =>
  tenant.states.chosen.map((state) => listedState({ ...state, since: agent.state().since }, tenant.world))

function putAgentState(call: Call): JsonRecord {
  const { tenant, agent, input } = call
  if (tenant.losesPut(agent)) return {}
  const state = recordAt(input, 'state')
  const enqueue = input['enqueueNextState']
  agent.putState(
    {
      arn: textAt(state, 'agentStateARN'),
      name: textAt(state, 'name'),
      type: textAt(state, 'type'),
      enqueueNextState: typeof enqueue === 'boolean' ? enqueue : undefined,
    },
    causeOf(call),
  )
  return {}
}

function createTransport({ input, webSocketUrl }: Call): JsonRecord {
  const expiry = new Date(Date.now() + 3600_000).toISOString()
  switch (textAt(input, 'transportType')) {
    case 'web_socket':
      return { webSocketTransport: { url: webSocketUrl, transportLifeTimeInSeconds: 3870, expiry } }
    case 'chat_token':
      return { chatTokenTransport: { participantToken: 'stand-in', expiry } }
    case 'softphone':
      return { softphoneTransport: { softphoneMediaConnections: [] } }
    default:
      throw invalidParameter('The stand-in does not have this transport.')
  }
}

const contactIdOf = (input: JsonRecord): string => {
  const id = textAt(input, 'contactId')
  if (id === undefined) throw invalidParameter('contactId is missing.')
  return id
}

/** An operation on the contact that the input names. */
const onContact =
  (act: (agent: AgentModel, contactId: string) => void): Operation =>
  ({ agent, input }) => {
    act(agent, contactIdOf(input))
    return {}
  }

/** Hanging up any connection ends the whole contact. */
const hangUp = onContact((agent, id) => agent.endContact(id))
const clear = onContact((agent, id) => agent.clearContact(id))
const nothing: Operation = () => ({})

const toggleHold = onContact((agent, id) => (agent.contact(id).onHold ? agent.resume(id) : agent.hold(id)))

function createOutboundContact(call: Call): JsonRecord {
  const number = textAt(recordAt(call.input, 'endpoint'), 'phoneNumber')
  if (number === undefined) throw new ApiError('BadEndpointException', 400, 'Only phone numbers can be called.')
  call.agent.dial(number, causeOf(call))
  return {}
}

/** The operations of `AmazonConnectCTIService` that Streams 1.4 to 2.28 know. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['GetAgentSnapshot', longPoll],
  ['GetAgentConfiguration', configuration],
  ['GetAgentStates', (call) => pageOf(call, 'states', statesOf(call))],
  ['GetAgentPermissions', (call) => pageOf(call, 'permissions', PERMISSIONS)],
  ['GetDialableCountryCodes', (call) => pageOf(call, 'countryCodes', COUNTRIES)],
  ['GetRoutingProfileQueues', (call) => pageOf(call, 'queues', queuesOf(call))],
  ['GetEndpoints', (call) => pageOf(call, 'endpoints', [])],
  ['PutAgentState', putAgentState],
  ['UpdateAgentConfiguration', nothing],
  ['CreateTransport', createTransport],
  ['SendClientLogs', nothing],
  ['AcceptContact', onContact((agent, id) => agent.accept(id))],
  ['RejectContact', onContact((agent, id) => agent.reject(id))],
  ['DestroyConnection', hangUp],
  ['CompleteContact', clear],
  ['ClearContact', clear],
  ['HoldConnection', onContact((agent, id) => agent.hold(id))],
  ['ResumeConnection', onContact((agent, id) => agent.resume(id))],
  ['ToggleActiveConnections', toggleHold],
  ['CreateOutboundContact', createOutboundContact],
  ['NotifyContactIssue', nothing],
  ['SendDigits', nothing],
  ['SendSoftphoneCallMetrics', nothing],
  ['SendSoftphoneCallReport', nothing],
  ['MuteParticipant', nothing],
  ['UnmuteParticipant', nothing],
  ['PauseContact', nothing],
  ['ResumeContact', nothing],
  ['UpdateContactAttributes', nothing],
])
