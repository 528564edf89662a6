import type { ConnectClient, UserData } from '@aws-sdk/client-connect'
import {
  GetCurrentUserDataCommand,
  ListAgentStatusesCommand,
  ListUsersCommand,
  PutUserStatusCommand,
  SearchUsersCommand,
  DescribeUserCommand,
} from '@aws-sdk/client-connect'
import { createHmac } from 'node:crypto'
import type { Connect, PutAnswer, User } from './connect'
import type { Sight, StatusType } from './decide/sight'

export interface AwsConnectOptions {
  readonly instanceId: string
  /** The id of the status to set. It counts as OFFLINE, whatever its type. */
  readonly offlineStatusId: string
  /** Host name or alias of the instance. The alias is part of what is hashed. */
  readonly instance: string
  /** The key of the hashes that stand for agents; empty where heartbeats contain user names. */
  readonly hashKey: string
  /** The tag that opts a user in, as `key=value`; empty: all users are opted in. */
  readonly tag: string
}

/** How long lists of statuses and of users' hashes are cached, in ms. */
const CACHED_MS = 60 * 60_000

/** Amazon Connect's public API. Construct it once in a process: it caches statuses and users' hashes. */
export class AwsConnect implements Connect {
  private statuses: { readonly at: number; readonly types: ReadonlyMap<string, StatusType> } | null = null
  private hashes: { readonly at: number; readonly ids: ReadonlyMap<string, string> } | null = null

  constructor(
    private readonly client: ConnectClient,
    private readonly options: AwsConnectOptions,
  ) {}

  async find(agent: string): Promise<User | null> {
    const id = agent.startsWith('h:') ? (await this.byHash()).get(agent.slice(2)) : await this.byName(agent.slice(2))
    return id === undefined ? null : { id, isOptedIn: await this.isOptedIn(id) }
  }

  async look(userIds: readonly string[]): Promise<ReadonlyMap<string, Sight>> {
    const types = await this.types()
    const { UserDataList: list = [] } = await this.client.send(
      new GetCurrentUserDataCommand({
        InstanceId: this.options.instanceId,
        Filters: { Agents: [...userIds] },
        MaxResults: 100,
      }),
    )
    return new Map(
      list.flatMap((data) => (data.User?.Id === undefined ? [] : [[data.User.Id, this.sightOf(data, types)]])),
    )
  }

  async setOffline(userId: string): Promise<PutAnswer> {
    const { instanceId, offlineStatusId } = this.options
    try {
      await this.client.send(
        new PutUserStatusCommand({ InstanceId: instanceId, UserId: userId, AgentStatusId: offlineStatusId }),
      )
      return 'done'
    } catch (error) {
      return answerOf(error)
    }
  }

  private sightOf(data: UserData, types: ReadonlyMap<string, StatusType>): Sight {
    const { offlineStatusId } = this.options
    return {
      type: types.get(idOf(data.Status?.StatusArn)) ?? null,
      since: data.Status?.StatusStartTimestamp?.getTime() ?? null,
      isOfflineNext: data.NextStatus !== undefined && data.NextStatus === this.nameOfOffline,
      contacts: (data.Contacts ?? []).map(({ AgentContactState: state, StateStartTimestamp: since }) => ({
        state: state ?? 'UNKNOWN',
        since: since?.getTime() ?? null,
      })),
      routingProfile: data.RoutingProfile?.Id ?? null,
      ...(idOf(data.Status?.StatusArn) === offlineStatusId && { type: 'OFFLINE' }),
    }
  }

  private nameOfOffline: string | null = null

  /**
   * The statuses' types by id. A new status is missing for up to an hour; agents in it are not set Offline meanwhile.
   */
  private async types(): Promise<ReadonlyMap<string, StatusType>> {
    if (this.statuses !== null && Date.now() - this.statuses.at < CACHED_MS) return this.statuses.types
    const types = new Map<string, StatusType>()
    let from: string | undefined
    do {
      const page = await this.client.send(
        new ListAgentStatusesCommand({
          InstanceId: this.options.instanceId,
          ...(from !== undefined && { NextToken: from }),
        }),
      )
      for (const { Id: id, Type: type, Name: name } of page.AgentStatusSummaryList ?? []) {
        if (id === undefined || type === undefined) continue
        types.set(id, type)
        if (id === this.options.offlineStatusId) this.nameOfOffline = name ?? null
      }
      from = page.NextToken
    } while (from !== undefined)
    this.statuses = { at: Date.now(), types }
    return types
  }

  /** The id of the user with this name, in upper or lower case: heartbeats contain the name as the CCP shows it. */
  private async byName(name: string): Promise<string | undefined> {
    const condition = { FieldName: 'Username', Value: name, ComparisonType: 'EXACT' } as const
    const { Users: users = [] } = await this.client.send(
      new SearchUsersCommand({ InstanceId: this.options.instanceId, SearchCriteria: { StringCondition: condition } }),
    )
    return users.find((user) => user.Username?.toLowerCase() === name.toLowerCase())?.Id
  }

  /** The ids of all users by the hashes that machines send: HMAC-SHA-256 of `alias/user name` in lower case. */
  private async byHash(): Promise<ReadonlyMap<string, string>> {
    const { hashKey, instance, instanceId } = this.options
    if (hashKey === '') return new Map()
    if (this.hashes !== null && Date.now() - this.hashes.at < CACHED_MS) return this.hashes.ids
    const ids = new Map<string, string>()
    let from: string | undefined
    do {
      const page = await this.client.send(
        new ListUsersCommand({
          InstanceId: instanceId,
          MaxResults: 1_000,
          ...(from !== undefined && { NextToken: from }),
        }),
      )
      for (const { Id: id, Username: name } of page.UserSummaryList ?? []) {
        if (id === undefined || name === undefined) continue
        const text = `${instance.split('.')[0] ?? ''}/${name}`.toLowerCase()
        ids.set(createHmac('sha256', hashKey).update(text).digest('hex'), id)
      }
      from = page.NextToken
    } while (from !== undefined)
    this.hashes = { at: Date.now(), ids }
    return ids
  }

  private async isOptedIn(id: string): Promise<boolean> {
    const { tag, instanceId } = this.options
    if (tag === '') return true
    const { User: user } = await this.client.send(new DescribeUserCommand({ InstanceId: instanceId, UserId: id }))
    const at = tag.indexOf('=')
    return user?.Tags?.[tag.slice(0, at)] === tag.slice(at + 1)
  }
}

/** The id is the last part of an ARN. */
const idOf = (arn = ''): string => arn.slice(arn.lastIndexOf('/') + 1)

function answerOf(error: unknown): PutAnswer {
  const name = error instanceof Error ? error.name : ''
  switch (name) {
    case 'ThrottlingException':
    case 'TooManyRequestsException':
    case 'LimitExceededException':
      return 'throttled'
    case 'AccessDeniedException':
    case 'InvalidParameterException':
    case 'InvalidRequestException':
    case 'ResourceNotFoundException':
      return 'refused'
    default:
      return 'failed'
  }
}
