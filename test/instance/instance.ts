import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { World, type WorldOptions } from './api/world'
import { Faults } from './faults'
import { Journal } from './journal'
import type { AgentModel } from './model/agent-model'
import { Network } from './network'
import { makeCertificate } from './server/certificate'
import { baseOf, hostOf, type HostKind } from './server/hosts'
import { answer, type Stage } from './server/router'
import { WebSockets } from './server/web-socket'

export type { AgentModel, AgentOptions } from './model/agent-model'
export type { Contact, RingOptions } from './model/contact'
export type { AgentState } from './model/agent-states'
export type { Fault, FaultHandle } from './faults'
export type { JournalEntry, StateEntry, RequestEntry, NextStateEntry } from './journal'
export type { StreamsVersion, World, WorldOptions } from './api/world'

export interface InstanceOptions {
  /** 0 or nothing for any free port. */
  readonly port?: number
  /** The Amazon Connect instances to be. By default one, `acme`, with the agents alice and bob. */
  readonly worlds?: readonly WorldOptions[]
  /** How long an idle connection stays open. */
  readonly keepAliveMs?: number
  readonly roundTripMs?: number
}

export interface CcpUrlOptions {
  readonly host?: HostKind
  readonly alias?: string
  /** Signs in on the way. */
  readonly signInAs?: string
  readonly streams?: '1.4' | '1.8' | '2.28'
}

export interface CrmUrlOptions extends CcpUrlOptions {
  readonly ccp?: 'v1' | 'v2'
  /** The CRM frames the CCP with Streams' `initCCP` instead of a plain iframe. */
  readonly initCcp?: boolean
  /** The CRM's Permissions-Policy lets no frame defer requests (`fetchLater`). */
  readonly forbidsLater?: boolean
}

/** A stand-in Amazon Connect instance: a server, the agents behind it, and what tests see and do. */
export interface Instance {
  readonly port: number
  readonly spki: string
  /** The host names to map to the port, wildcards included. */
  readonly hosts: readonly string[]
  readonly journal: Journal
  readonly faults: Faults
  readonly network: Network
  readonly worlds: readonly World[]
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
  world(alias?: string): World
  /** Closes the connections that no request is on: the next one has to open its own. */
  closeIdleConnections(): void
  close(): Promise<void>
}

const HOSTS = ['*.awsapps.com', '*.my.connect.aws', '*.govcloud.connect.aws', '*.example.test']

/** Starts a stand-in instance on loopback. */
export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  const { key, cert, spki } = await makeCertificate()
  const journal = new Journal()
  const worlds = (options.worlds ?? [{ alias: 'acme' }]).map((world) => new World(world, journal))
  const first = worlds[0]
  if (!first) throw new Error('An instance needs a world.')
  const faults = new Faults()
  const webSockets = new WebSockets()
  const server = createServer({ key, cert, keepAliveTimeout: options.keepAliveMs ?? 60_000, requestTimeout: 0 })
  const innerPort = await listen(server)
  const network = new Network(() => innerPort)
  network.roundTrip(options.roundTripMs ?? 0)
  const stage: Stage = { worlds, journal, faults, network, webSockets }
  server.on('request', (request, response) => void answer(stage, request, response))
  server.on('upgrade', (request, socket, head) => void answer(stage, request, { socket, head }))
  const port = await network.listen(options.port ?? 0)
  const sockets = trackSockets(server)
  const unused = trackUnused(server)

  const world = (alias = first.alias): World => {
    const found = worlds.find((each) => each.alias === alias)
    if (!found) throw new Error(`No instance ${alias} here.`)
    return found
  }
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    journal.close()
    for (const agent of worlds.flatMap(({ agents }) => agents)) agent.close()
    webSockets.close()
    for (const socket of sockets) socket.destroy()
    await Promise.all([network.close(), new Promise((resolve) => server.close(resolve))])
  }
  return {
    port,
    spki,
    hosts: HOSTS,
    journal,
    faults,
    network,
    worlds,
    webSockets,
    url: urls(first.alias),
    world,
    agent: (username, alias) => {
      const agent = world(alias).findAgent(username)
      if (!agent) throw new Error(`No agent ${username}.`)
      return agent
    },
    closeIdleConnections: () => {
      server.closeIdleConnections()
      for (const socket of unused) socket.destroy()
    },
    close: () => (closing ??= close()),
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => undefined)
  return sockets
}

/** Connections that browsers keep ready, and that no request has come on yet: the server does not count them as idle. */
function trackUnused(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>()
  server.on('secureConnection', (socket: Socket) => {
    unused.add(socket)
    socket.on('close', () => unused.delete(socket))
  })
  server.on('request', ({ socket }) => unused.delete(socket))
  server.on('upgrade', ({ socket }) => unused.delete(socket))
  return unused
}

/** The address of a page of an instance, by way of signing in if wanted. */
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
      // `initCCP` wants the address of the CCP itself: sign in beforehand.
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
