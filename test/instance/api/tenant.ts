import { AgentModel, type AgentOptions } from '../model/agent-model'
import { StateList, type StateType } from '../model/agent-states'
import type { Journal } from '../journal'
import { PublishedAgent } from '../model/published-agent'
import { Sessions } from '../server/sessions'
import { DEFAULT_WORLD, type World } from '../world/axes'

/** The Streams bundles that pages can be given. */
export type StreamsVersion = '1.4' | '1.8' | '2.28'

/** One Amazon Connect instance, by its alias. Several share a server. */
export interface TenantOptions {
  readonly alias: string
  readonly agents?: readonly AgentOptions[]
  /** The states that agents can choose; by default Available, Break, Lunch, Training and Offline. */
  readonly states?: readonly (readonly [string, StateType])[]
  readonly streamsV1?: StreamsVersion
  readonly streamsV2?: StreamsVersion
  /** The queues that the routing profile gives each agent; by default three. */
  readonly inboundQueues?: readonly string[]
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
  /** The source of a script that its CCP pages run before all others: what an attacker has put there. */
  readonly firstScript?: string
  /** The properties of the service; missing ones are as in the server's own world. */
  readonly world?: Partial<World>
}

/** For how long requests are lost, from the first in a state. */
const LOST_MS = 1_500

/** One Amazon Connect instance at work: a tenant of the server. */
export class Tenant {
  readonly alias: string
  readonly states: StateList
  readonly sessions: Sessions
  readonly agents: readonly AgentModel[]
  readonly world: World
  private readonly published = new Map<AgentModel, PublishedAgent>()
  private readonly promises = new WeakMap<AgentModel, { readonly since: number; readonly at: number }>()

  /** @param world the server's. */
  constructor(
    readonly options: TenantOptions,
    journal: Journal,
    world: World = DEFAULT_WORLD,
  ) {
    this.alias = options.alias
    this.world = { ...world, ...options.world }
    this.states = new StateList(options.alias, options.states, this.world.workType)
    this.sessions = new Sessions(options.tokenLifetimeMs ?? 12 * 3600_000, options.revokeTokensOnSignOut ?? true)
    const agents = options.agents ?? [{ username: 'alice' }, { username: 'bob' }]
    const rules = { reachesCustomers: this.world.contactStates === 'recorded' }
    this.agents = agents.map((agent) => new AgentModel(options.alias, this.states, journal, agent, rules))
    const afterMs = Number(this.world.showsAfterMs)
    for (const agent of this.agents) this.published.set(agent, new PublishedAgent(agent, afterMs))
  }

  /** What snapshots show of an agent. */
  publishedOf(agent: AgentModel): PublishedAgent {
    const found = this.published.get(agent)
    if (!found) throw new Error(`${agent.username} is not of ${this.alias}.`)
    return found
  }

  /** Whether a request for a state, made now, is answered with success and never applied. */
  losesPut(agent: AgentModel, now: number = Date.now()): boolean {
    if (this.world.puts === 'applied') return false
    const { since } = agent.state()
    const last = this.promises.get(agent)
    const first = last?.since === since ? last : { since, at: now }
    this.promises.set(agent, first)
    return now - first.at < LOST_MS
  }

  /** Ends what would still come about by itself. */
  close(): void {
    for (const published of this.published.values()) published.close()
    for (const agent of this.agents) agent.close()
  }

  findAgent(username: string): AgentModel | undefined {
    return this.agents.find((agent) => agent.username === username)
  }
}
