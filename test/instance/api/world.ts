import { AgentModel, type AgentOptions } from '../model/agent-model'
import { StateList, type StateType } from '../model/agent-states'
import type { Journal } from '../journal'
import { Sessions } from '../server/sessions'

/** The Streams bundles that pages can be given. */
export type StreamsVersion = '1.4' | '1.8' | '2.28'

/** One Amazon Connect instance, by its alias. Several share a server. */
export interface WorldOptions {
  readonly alias: string
  readonly agents?: readonly AgentOptions[]
  /** The states that agents can choose; by default Available, Break, Lunch, Training and Offline. */
  readonly states?: readonly (readonly [string, StateType])[]
  readonly streamsV1?: StreamsVersion
  readonly streamsV2?: StreamsVersion
  /** The instance was upgraded: `/ccp` leads to `/ccp-v2/`. */
  readonly upgraded?: boolean
  /** The origins that may frame its pages, besides its own. */
  readonly approvedOrigins?: readonly string[]
  /** Browsers may keep its pages, so that Back brings them as they were. */
  readonly pagesMayBeKept?: boolean
  /** At most so many items in an answer of the list operations, whatever is asked for. */
  readonly pageSize?: number
  readonly tokenLifetimeMs?: number
  /** Signing out ends the tokens too. What the real service does is not known. */
  readonly revokeTokensOnSignOut?: boolean
  /** How long the session cookie lasts; without it, until the browser closes. */
  readonly cookieMaxAgeSeconds?: number
  readonly cookieSameSite?: 'None' | 'Lax' | 'Strict'
  /** Lets a CCP that another site frames sign in, in browsers that give third parties no other cookies. */
  readonly cookiePartitioned?: boolean
}

/** One Amazon Connect instance at work. */
export class World {
  readonly alias: string
  readonly states: StateList
  readonly sessions: Sessions
  readonly agents: readonly AgentModel[]

  constructor(
    readonly options: WorldOptions,
    journal: Journal,
  ) {
    this.alias = options.alias
    this.states = new StateList(options.alias, options.states)
    this.sessions = new Sessions(options.tokenLifetimeMs ?? 12 * 3600_000, options.revokeTokensOnSignOut ?? true)
    const agents = options.agents ?? [{ username: 'alice' }, { username: 'bob' }]
    this.agents = agents.map((agent) => new AgentModel(options.alias, this.states, journal, agent))
  }

  findAgent(username: string): AgentModel | undefined {
    return this.agents.find((agent) => agent.username === username)
  }
}
