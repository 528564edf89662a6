/** The stand-in's own model of an instance in a world, called without a network; its delays use the fake clock. */
import type { Caller } from '../../../../src/background/field-check/callers'
import type { RawAnswer } from '../../../../src/background/field-check/raw-answer'
import { NO_ANSWER, rawAnswer } from '../../../../src/background/field-check/raw-answer'
import type { ProbeFindings } from '../../../../src/background/field-check/probe-tab'
import type { CallBy } from '../../../../src/domain/field-check/observations'
import { CONNECT_MEMBERS, CORE_MEMBERS } from '../../../../src/domain/field-check/public-names'
import { describe, endpointForm, expirationForm } from '../../../../src/page/field-probe/describe'
import { OPERATIONS } from '../../../instance/api/operations'
import { Tenant } from '../../../instance/api/tenant'
import { Journal, type RequestEntry } from '../../../instance/journal'
import type { AgentModel } from '../../../instance/model/agent-model'
import { ApiError } from '../../../instance/model/errors'
import { ccpPage } from '../../../instance/pages/ccp'
import { pageHeaders, permissionsOf } from '../../../instance/server/answers'
import type { Session } from '../../../instance/server/sessions'
import type { World } from '../../../instance/world/axes'
import { jsonOf } from '../../../instance/world/json-of'

const HOST = 'acme.my.connect.aws'
const JSON_TYPE = 'application/x-amz-json-1.0'

/** A call as the instance saw it. */
export interface SeenCall {
  readonly at: number
  readonly by: CallBy
  readonly operation: string
  readonly status: number
}

export class PlayedInstance {
  readonly tenant: Tenant
  readonly calls: SeenCall[] = []
  /** Callers that no longer reach the instance. */
  readonly gone = new Set<CallBy>()
  private session: Session

  constructor(
    readonly world: World,
    options: { readonly queues?: readonly string[]; readonly state?: string } = {},
  ) {
    const agents = [{ username: 'alice', state: options.state ?? 'Training' }, { username: 'bob' }]
    this.tenant = new Tenant({ alias: 'acme', agents, inboundQueues: options.queues ?? [] }, new Journal(), world)
    this.session = this.tenant.sessions.signIn(this.agent())
  }

  agent(username = 'alice'): AgentModel {
    const agent = this.tenant.findAgent(username)
    if (agent === undefined) throw new Error(`No ${username}`)
    return agent
  }

  /** Another user signs in, in the same browser. */
  signIn(username: string): void {
    this.session = this.tenant.sessions.signIn(this.agent(username))
  }

  caller(by: CallBy): Caller {
    return {
      authorize: () => this.answer(by, 'authorize', () => this.authorize(by)),
      post: ({ headers, body }) => {
        const operation = (headers['X-Amz-Target'] ?? '').split('.')[1] ?? ''
        return this.answer(by, operation, () => this.post(by, operation, headers['X-Amz-Bearer'], body))
      },
    }
  }

  private async answer(by: CallBy, operation: string, work: () => Promise<object>): Promise<RawAnswer> {
    const at = Date.now()
    if (this.gone.has(by)) return NO_ANSWER
    let status = 200
    let body: unknown
    try {
      body = jsonOf(await work(), this.world)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      status = error.status
      body = { __type: error.code, message: error.message }
    }
    this.calls.push({ at, by, operation, status })
    return rawAnswer(status, JSON_TYPE, JSON.stringify(body))
  }

  private refuse(by: CallBy, token?: string): void {
    if (by === 'background' && this.world.extensionOrigin === 'refused')
      throw new ApiError('AccessDeniedException', 403)
    if (!this.tenant.sessions.isStrange(token)) return
    throw this.world.freshTokens === '403-first'
      ? new ApiError('AccessDeniedException', 403)
      : new ApiError('UnauthorizedException', 401)
  }

  private async authorize(by: CallBy): Promise<object> {
    this.refuse(by)
    const isStrange = this.world.freshTokens !== 'taken'
    const { accessToken, expiration } = this.tenant.sessions.issueToken(this.session, isStrange ? 2 : 0)
    const told = this.expirationOf(expiration)
    return Promise.resolve({ accessToken, ...(told !== '' && { expiration: told }) })
  }

  private async post(by: CallBy, operation: string, token: string | undefined, body: string): Promise<object> {
    const agent = this.tenant.sessions.byToken(token)
    if (!agent) throw new ApiError('UnauthorizedException', 401)
    this.refuse(by, token)
    const perform = OPERATIONS.get(operation)
    if (perform === undefined) throw new ApiError('UnknownOperationException', 400)
    const input = JSON.parse(body) as Record<string, unknown>
    const request = { operation } as RequestEntry
    const gone = new AbortController().signal
    return perform({ tenant: this.tenant, agent, input, request, webSocketUrl: '', gone })
  }

  private expirationOf(ms: number): number | string {
    if (this.world.expiration === 'missing') return ''
    return this.world.expiration === 'iso' ? new Date(ms).toISOString() : ms
  }

  /** What the probe would report of a page of this world, from the page's own data. */
  findings(): ProbeFindings {
    const { world } = this
    const page = {
      host: HOST,
      base: '',
      generation: 'v2',
      streams: '2.28',
      token: 'secret-token',
      world,
      hasFirstScript: false,
    } as const
    const html = ccpPage({ ...page, expiration: this.expirationOf(Date.now()) })
    const data = /<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(html)?.[1] ?? ''
    const { init } = JSON.parse(data.replaceAll('\\u003c', '<')) as { init: Record<string, unknown> }
    const polling = init['longPollingOptions'] as Record<string, unknown>
    const tomorrow = world.connectGlobal === 'more-members' ? ['memberOfTomorrow'] : []
    return {
      globals: world.connectGlobal === 'gone' ? [] : ['connect', 'lily'],
      members: world.connectGlobal === 'gone' ? [] : [...CONNECT_MEMBERS, ...tomorrow],
      coreMembers: world.connectGlobal === 'gone' ? [] : [...CORE_MEMBERS, ...tomorrow],
      throwingMembers: tomorrow.length * 2,
      streamsVersion: '2.28.2',
      parameters: describe(init),
      endpoint: endpointForm(init['endpoint'], `https://${HOST}`) as never,
      expiration: expirationForm(init['authTokenExpiration']) as never,
      pushes: polling['allowLongPollingWebsocketOnlyMode'] === true,
      protocol: world.http,
      unloadAllowed: null,
    }
  }

  headers(): [string, string][] {
    return Object.entries(pageHeaders(HOST, [], permissionsOf(this.world)))
  }
}
