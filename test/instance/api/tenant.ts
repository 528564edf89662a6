import { AgentModel, type AgentOptions } from '../model/agent-model'
import { StateList, type StateType } from '../model/agent-states'
import type { Journal } from '../journal'
import { PublishedAgent } from '../model/published-agent'
import { Sessions } from '../server/sessions'
import { DEFAULT_WORLD, type World } from '../world/axes'

/** The Streams bundles that pages can load. */
export type StreamsVersion = '1.4' | '1.8' | '2.28'

/** The options of a tenant: one Amazon Connect instance, known by its alias. Several tenants share a server. */
export interface TenantOptions {
  readonly alias: string
  readonly agents?: readonly AgentOptions[]
  /** The states that agents can choose; by default Available, Break, Lunch, Training and Offline. */
  readonly states?: readonly (readonly [string, StateType])[]
  readonly streamsV1?: StreamsVersion
  readonly streamsV2?: StreamsVersion
  /** The queues that the routing profile gives each agent; by default three. */
  readonly inboundQueues?: readonly string[]
  /** Whether the instance was upgraded, so that `/ccp` redirects to `/ccp-v2/`. */
  readonly upgraded?: boolean
  /** The origins that may frame its pages, besides its own; by default the CRM's. */
  readonly approvedOrigins?: readonly string[]
  /** Whether browsers may cache its pages in memory, so that Back restores them as they were. */
  readonly pagesMayBeKept?: boolean
  /** The maximum of items in an answer of the list operations, even where the client asks for more. */
  readonly pageSize?: number
  readonly tokenLifetimeMs?: number
  /** Whether signing out also revokes the tokens (true). What the real service does is not known. */
  readonly revokeTokensOnSignOut?: boolean
  /** How long the session cookie lasts; by default until the browser closes. */
  readonly cookieMaxAgeSeconds?: number
  readonly cookieSameSite?: 'None' | 'Lax' | 'Strict'
  /**
   * Makes the cookie partitioned: a CCP framed by another site can sign in although browsers block third-party cookies.
   */
  readonly cookiePartitioned?: boolean
  /** The source of a script that its CCP pages run before all others, for attacks by the page. */
  readonly firstScript?: string
  /** How the service behaves. Missing axes have the values of the server's own world. */
  readonly world?: Partial<World>
}

/** How long requests are lost in the world `first-lost`, from the first request in a state. */
const LOST_MS = 1_200

/** A running tenant: its states, agents and sessions. */
export class Tenant {
  readonly alias: string
  readonly states: StateList
  readonly sessions: Sessions
  readonly agents: readonly AgentModel[]
  readonly world: World
  private readonly published = new Map<AgentModel, PublishedAgent>()
  private readonly promises = new WeakMap<AgentModel, { readonly since: number; readonly at: number }>()

  /** @param world the server's world */
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

  /** What snapshots show of an agent. Throws where the agent belongs to another tenant. */
  publishedOf(agent: AgentModel): PublishedAgent {
    const found = this.published.get(agent)
    if (!found) throw new Error(`${agent.username} is not an agent of ${this.alias}.`)
    return found
  }

  /** Whether a request for a state is lost now: answered with success, but never applied. */
  losesPut(agent: AgentModel, now: number = Date.now()): boolean {
    if (this.world.puts === 'applied') return false
    const { since } = agent.state()
    const last = this.promises.get(agent)
    const first = last?.since === since ? last : { since, at: now }
    this.promises.set(agent, first)
    return now - first.at < LOST_MS
  }

  /** Stops all timers. */
  close(): void {
    for (const published of this.published.values()) published.close()
    for (const agent of this.agents) agent.close()
  }

  findAgent(username: string): AgentModel | undefined {
    return this.agents.find((agent) => agent.username === username)
  }
}
