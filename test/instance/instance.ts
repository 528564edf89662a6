import { Tenant, type TenantOptions } from './api/tenant'
import { Faults } from './faults'
import { Journal } from './journal'
import type { AgentModel } from './model/agent-model'
import { Network } from './network'
import { startPublicApi, type PublicApi, type PublicApiOptions } from './public-api/public-api'
import { Certificates } from './server/certificate'
import { makeFront } from './server/front'
import { baseOf, hostOf, placeOf, type HostKind } from './server/hosts'
import { answer, type Stage } from './server/router'
import { WebSockets } from './server/web-socket'
import { DEFAULT_WORLD, type World } from './world/axes'

export type { AgentModel, AgentOptions } from './model/agent-model'
export type { Contact, RingOptions } from './model/contact'
export type { AgentState } from './model/agent-states'
export type { Fault, FaultHandle } from './faults'
export type { JournalEntry, StateEntry, RequestEntry, NextStateEntry } from './journal'
export type { StreamsVersion, Tenant, TenantOptions } from './api/tenant'

export interface InstanceOptions {
  /** The port; by default, or with 0, any free port. */
  readonly port?: number
  /** The Amazon Connect instances; by default one, `acme`, with the agents alice and bob. */
  readonly tenants?: readonly TenantOptions[]
  /** How long an idle connection stays open (60,000 ms). */
  readonly keepAliveMs?: number
  readonly roundTripMs?: number
  /** How the service behaves, for tenants without a world of their own. Missing axes have their default. */
  readonly world?: Partial<World>
}

export interface CcpUrlOptions {
  readonly host?: HostKind
  readonly alias?: string
  /** Signs this agent in on the way. */
  readonly signInAs?: string
  readonly streams?: '1.4' | '1.8' | '2.28'
}

export interface CrmUrlOptions extends CcpUrlOptions {
  readonly ccp?: 'v1' | 'v2'
  /** Whether the CRM frames the CCP by Streams' `initCCP` instead of a plain iframe. */
  readonly initCcp?: boolean
  /** Whether the CRM's Permissions-Policy forbids its frames to defer requests (`fetchLater`). */
  readonly forbidsLater?: boolean
}

/** A stand-in Amazon Connect instance: a server, its agents, and the means to watch and disturb them. */
export interface Instance {
  readonly port: number
  /** The hash of the certificates' key, for Chromium's `--ignore-certificate-errors-spki-list`. */
  readonly spki: string
  /** The host names to map to the port, wildcards included. */
  readonly hosts: readonly string[]
  readonly journal: Journal
  readonly faults: Faults
  readonly network: Network
  readonly tenants: readonly Tenant[]
  readonly url: {
    ccp(generation: 'v1' | 'v2', options?: CcpUrlOptions): string
    agentApp(options?: CcpUrlOptions & { readonly frames?: string }): string
    crm(options?: CrmUrlOptions): string
    signIn(options?: CcpUrlOptions): string
    logout(options?: CcpUrlOptions): string
    /** A page that has nothing to do with Amazon Connect. */
    readonly other: string
  }
  readonly webSockets: { readonly open: number }
  agent(username: string, alias?: string): AgentModel
  tenant(alias?: string): Tenant
  /** Starts the public API for a tenant's agents. It is closed with the instance. */
  openPublicApi(options?: PublicApiOptions, alias?: string): Promise<PublicApi>
  /** Closes the connections that carry no request, so that the next request has to open one. */
  closeIdleConnections(): void
  /** Changes how long an idle connection stays open, in ms. */
  closeIdleAfter(ms: number): void
  close(): Promise<void>
}

/** How long an idle connection stays open, unless a test says otherwise. */
export const KEEP_ALIVE_MS = 60_000

const HOSTS = ['*.awsapps.com', '*.my.connect.aws', '*.govcloud.connect.aws', '*.example.test']

/** Starts a stand-in instance on the loopback interface. */
export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  const certificates = await Certificates.make()
  const world = { ...DEFAULT_WORLD, ...options.world }
  const journal = new Journal()
  const tenants = (options.tenants ?? [{ alias: 'acme' }]).map((tenant) => new Tenant(tenant, journal, world))
  const first = tenants[0]
  if (!first) throw new Error('An instance needs a tenant.')
  /** The world of a host: its tenant's, otherwise the server's. */
  const worldAt = (host: string): World => {
    const place = placeOf(host)
    return (place.kind === 'site' ? undefined : tenants.find(({ alias }) => alias === place.alias)?.world) ?? world
  }
  const faults = new Faults()
  const webSockets = new WebSockets()
  const stage = (): Stage => ({ tenants, world, journal, faults, network, webSockets })
  const front = makeFront({
    certificates,
    keepAliveMs: options.keepAliveMs ?? KEEP_ALIVE_MS,
    speaksHttp2: (host) => worldAt(host).http === 'h2',
    onRequest: (request, response) => void answer(stage(), request, response),
    onUpgrade: (request, socket, head) => void answer(stage(), request, { socket, head }),
  })
  const innerPort = await front.listen()
  const network = new Network(() => innerPort)
  network.roundTrip(options.roundTripMs ?? 0)
  const port = await network.listen(options.port ?? 0)

  const tenant = (alias = first.alias): Tenant => {
    const found = tenants.find((each) => each.alias === alias)
    if (!found) throw new Error(`There is no instance ${alias}.`)
    return found
  }
  const publicApis: PublicApi[] = []
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    journal.close()
    for (const each of tenants) each.close()
    webSockets.close()
    await Promise.all([network.close(), front.close(), ...publicApis.map((api) => api.close())])
  }
  return {
    port,
    spki: certificates.spki,
    hosts: HOSTS,
    journal,
    faults,
    network,
    tenants,
    webSockets,
    url: urls(first.alias),
    tenant,
    agent: (username, alias) => {
      const agent = tenant(alias).findAgent(username)
      if (!agent) throw new Error(`There is no agent ${username}.`)
      return agent
    },
    openPublicApi: async (publicOptions, alias) => {
      const api = await startPublicApi(tenant(alias), journal, publicOptions)
      publicApis.push(api)
      return api
    },
    closeIdleConnections: () => front.closeIdleConnections(),
    closeIdleAfter: (ms) => front.closeIdleAfter(ms),
    close: () => (closing ??= close()),
  }
}

/** The address of an instance's page, or with `signInAs` the address that signs in and leads to it. */
function address(defaultAlias: string, path: string, options: CcpUrlOptions = {}): string {
  const { host = 'legacy', alias = defaultAlias, signInAs, streams } = options
  const [main = '', fragment] = path.split('#')
  const query = streams ? `${main.includes('?') ? '&' : '?'}streams=${streams}` : ''
  const whole = baseOf(host) + main + query + (fragment === undefined ? '' : `#${fragment}`)
  const origin = `https://${hostOf(alias, host)}`
  if (signInAs === undefined) return origin + whole
  return `${origin}${baseOf(host)}/login?as=${encodeURIComponent(signInAs)}&next=${encodeURIComponent(whole)}`
}

function urls(defaultAlias: string): Instance['url'] {
  const at = (path: string, options?: CcpUrlOptions): string => address(defaultAlias, path, options)
  return {
    ccp: (generation, options) => at(generation === 'v1' ? '/ccp#' : '/ccp-v2/', options),
    agentApp: (options) => at(`/agent-app-v2/?frames=${options?.frames ?? 'v2'}`, options),
    crm: ({ ccp = 'v2', initCcp = false, forbidsLater = false, ...options } = {}) => {
      // `initCCP` needs the address of the CCP itself, so tests have to sign in beforehand.
      const path = ccp === 'v1' ? '/ccp#' : '/ccp-v2/'
      const ccpUrl = initCcp
        ? at(path, { host: options.host ?? 'legacy', alias: options.alias ?? defaultAlias })
        : at(path, options)
      const how = { ...(initCcp && { init: '1' }), ...(forbidsLater && { later: 'no' }) }
      return `https://crm.example.test/?${new URLSearchParams({ ccp: ccpUrl, ...how }).toString()}`
    },
    signIn: (options) => at('/login', options),
    logout: (options) => at('/logout', options),
    other: 'https://www.example.test/',
  }
}
