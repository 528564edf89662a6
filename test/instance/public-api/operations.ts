/** The operations of Amazon Connect's public API that the watchdog calls, for the agents of a tenant. */
import type { Tenant } from '../api/tenant'
import type { AgentModel } from '../model/agent-model'
import type { AgentState, StateDefinition, StateType } from '../model/agent-states'
import { arn, instanceId, uuid } from '../model/arn'
import type { ContactView } from '../model/contact'
import { ApiError } from '../model/errors'
import { numberAt, recordAt, textAt, type JsonRecord } from '../server/json'

/** One call of the public API. */
export interface PublicCall {
  readonly tenant: Tenant
  /** The ids in the path: the instance's, and the user's where the operation has one. */
  readonly path: readonly string[]
  /** The fields of body and query. */
  readonly input: JsonRecord
  /** Returns a user's tags. */
  readonly tagsOf: (username: string) => Readonly<Record<string, string>>
  /** Converts a time of the model to the caller's clock. Both in ms since the epoch. */
  readonly timeOf: (ms: number) => number
}

interface Operation {
  readonly name: string
  readonly method: string
  /** Its groups become `PublicCall.path`. */
  readonly path: RegExp
  readonly run: (call: PublicCall) => JsonRecord
}

/** https://docs.aws.amazon.com/connect/latest/APIReference/ */
export const PUBLIC_OPERATIONS: readonly Operation[] = [
  { name: 'GetCurrentUserData', method: 'POST', path: /^\/metrics\/userdata\/([^/]+)$/, run: currentUserData },
  { name: 'PutUserStatus', method: 'PUT', path: /^\/users\/([^/]+)\/([^/]+)\/status$/, run: putUserStatus },
  { name: 'DescribeUser', method: 'GET', path: /^\/users\/([^/]+)\/([^/]+)$/, run: describeUser },
  { name: 'ListUsers', method: 'GET', path: /^\/users-summary\/([^/]+)$/, run: listUsers },
  { name: 'SearchUsers', method: 'POST', path: /^\/search-users$/, run: searchUsers },
  { name: 'ListAgentStatuses', method: 'GET', path: /^\/agent-status\/([^/]+)$/, run: listAgentStatuses },
]

/** The id of the user with this name. */
export const userIdOf = (tenant: Tenant, username: string): string => uuid(`${tenant.alias}/agent/${username}`)

/** A status's id: the last part of its ARN. */
export const statusIdOf = ({ arn: whole }: StateDefinition | AgentState): string => whole.split('/').at(-1) ?? ''

const TYPES: Readonly<Partial<Record<StateType, string>>> = {
  routable: 'ROUTABLE',
  not_routable: 'CUSTOM',
  offline: 'OFFLINE',
}
const MOST = 100

const notFound = (message: string): ApiError => new ApiError('ResourceNotFoundException', 404, message)
const invalidRequest = (message: string): ApiError => new ApiError('InvalidRequestException', 400, message)
const seconds = (ms: number): number => ms / 1_000

function ofInstance({ tenant, path }: PublicCall): Tenant {
  if (path[0] !== instanceId(tenant.alias)) throw notFound('There is no such instance.')
  return tenant
}

function userOf(call: PublicCall): AgentModel {
  const tenant = ofInstance(call)
  const agent = tenant.agents.find(({ username }) => userIdOf(tenant, username) === call.path[1])
  if (agent === undefined) throw notFound('There is no such user.')
  return agent
}

/** One page of a list. `NextToken` is the index of the next page's first item. */
function pageOf({ input }: PublicCall, key: string, items: readonly unknown[]): JsonRecord {
  const from = Number(textAt(input, 'NextToken') ?? textAt(input, 'nextToken') ?? 0)
  const wanted = numberAt(input, 'MaxResults') ?? Number(textAt(input, 'maxResults') ?? MOST)
  const to = from + Math.min(wanted, 1_000)
  return { [key]: items.slice(from, to), ...(to < items.length && { NextToken: String(to) }) }
}

/** The real API leaves out users who have been Offline for long; here every user is listed. */
function currentUserData(call: PublicCall): JsonRecord {
  const tenant = ofInstance(call)
  const wanted = recordAt(call.input, 'Filters')['Agents']
  if (!Array.isArray(wanted) || wanted.length === 0) throw invalidRequest('A filter is required.')
  if (wanted.length > MOST) throw invalidRequest(`At most ${MOST} agents.`)
  const users = tenant.agents.filter(({ username }) => wanted.includes(userIdOf(tenant, username)))
  return pageOf(
    call,
    'UserDataList',
    users.map((agent) => userData(call, agent)),
  )
}

function userData({ tenant, timeOf }: PublicCall, agent: AgentModel): JsonRecord {
  const { chosen, next, contacts, state } = tenant.publishedOf(agent).view()
  const routingProfile = uuid(`${tenant.alias}/routing-profile`)
  return {
    User: { Id: userIdOf(tenant, agent.username), Arn: arn(tenant.alias, 'agent', userIdOf(tenant, agent.username)) },
    RoutingProfile: { Id: routingProfile, Arn: arn(tenant.alias, 'routing-profile', routingProfile) },
    Status: { StatusArn: chosen.arn, StatusName: chosen.name, StatusStartTimestamp: seconds(timeOf(chosen.since)) },
    ...(next !== undefined && { NextStatus: next.name }),
    Contacts: contacts.map((contact) => ({
      ContactId: contact.id,
      Channel: contact.channel === 'queue_callback' ? 'VOICE' : contact.channel.toUpperCase(),
      AgentContactState: contactState(contact, state.name),
      StateStartTimestamp: seconds(timeOf(contact.stateSince)),
    })),
  }
}

/** The state of a contact here. A missed call, which is `error` in the private API, is MISSED: guessed. */
function contactState({ state, customerConnection }: ContactView, systemState: string): string {
  if (state === 'connected' && customerConnection === 'hold') return 'CONNECTED_ONHOLD'
  return state === 'error' && systemState === 'MissedCallAgent' ? 'MISSED' : state.toUpperCase()
}

function putUserStatus(call: PublicCall): JsonRecord {
  const agent = userOf(call)
  const wanted = textAt(call.input, 'AgentStatusId')
  const status = call.tenant.states.chosen.find((each) => statusIdOf(each) === wanted)
  if (status === undefined) throw new ApiError('InvalidParameterException', 400, 'There is no such agent status.')
  agent.set(status.arn, 'public-api')
  return {}
}

function describeUser(call: PublicCall): JsonRecord {
  const { username } = userOf(call)
  return { User: { ...summaryOf(call.tenant, username), Tags: call.tagsOf(username) } }
}

const summaryOf = (tenant: Tenant, username: string): JsonRecord => ({
  Id: userIdOf(tenant, username),
  Arn: arn(tenant.alias, 'agent', userIdOf(tenant, username)),
  Username: username,
})

function listUsers(call: PublicCall): JsonRecord {
  const tenant = ofInstance(call)
  return pageOf(
    call,
    'UserSummaryList',
    tenant.agents.map(({ username }) => summaryOf(tenant, username)),
  )
}

function searchUsers(call: PublicCall): JsonRecord {
  const { tenant, input } = call
  if (textAt(input, 'InstanceId') !== instanceId(tenant.alias)) throw notFound('There is no such instance.')
  const condition = recordAt(recordAt(input, 'SearchCriteria'), 'StringCondition')
  if (textAt(condition, 'FieldName')?.toLowerCase() !== 'username')
    throw invalidRequest('The stand-in searches by Username only.')
  const value = textAt(condition, 'Value')?.toLowerCase()
  const found = tenant.agents.filter(({ username }) => username.toLowerCase() === value)
  return pageOf(
    call,
    'Users',
    found.map(({ username }) => summaryOf(tenant, username)),
  )
}

function listAgentStatuses(call: PublicCall): JsonRecord {
  const statuses = ofInstance(call).states.chosen
  return pageOf(
    call,
    'AgentStatusSummaryList',
    statuses.map((status) => ({
      Id: statusIdOf(status),
      Arn: status.arn,
      Name: status.name,
      Type: TYPES[status.type],
    })),
  )
}
