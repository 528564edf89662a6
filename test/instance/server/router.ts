import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Tenant } from '../api/tenant'
import type { Faults } from '../faults'
import type { Journal, RequestEntry } from '../journal'
import type { Network } from '../network'
import { crmPage, otherPage } from '../pages/sites'
import { pageHeaders, permissionsOf, sendText } from './answers'
import { endConnectionWith } from './connection'
import { detailsOf } from './exchange'
import { hostOf, placeOf } from './hosts'
import { sendAsset, serveInstance } from './instance-routes'
import { PUSH_PATH, type WebSockets } from './web-socket'
import type { World } from '../world/axes'

/** Everything that is needed to answer requests. */
export interface Stage {
  readonly tenants: readonly Tenant[]
  /** The world of hosts that belong to no tenant. */
  readonly world: World
  readonly journal: Journal
  readonly faults: Faults
  readonly network: Network
  readonly webSockets: WebSockets
}

export interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}

/** Answers a request, or a request to open a web socket. */
export async function answer(stage: Stage, request: IncomingMessage, to: ServerResponse | Upgrade): Promise<void> {
  try {
    if ('head' in to) acceptWebSocket(stage, request, to)
    else await answerRequest(stage, request, to)
  } catch {
    // The client went away during its request.
    request.destroy()
  }
}

async function answerRequest(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!stage.network.reusesConnections) endConnectionWith(response)
  const place = placeOf(request.headers.host)
  const url = new URL(request.url ?? '/', `https://${place.host || 'localhost'}`)
  if (place.kind === 'site') {
    serveSite(stage, response, place.host, url)
    return
  }
  const tenant = stage.tenants.find(({ alias }) => alias === place.alias)
  if (!tenant) {
    sendText(response, 404, `There is no instance ${place.alias}.`)
    return
  }
  await serveInstance({ ...stage, tenant, place, request, response, url, path: pathBelow(url.pathname) })
}

/** The path without `/connect`, the prefix of legacy hosts, which the other hosts accept as well. */
const pathBelow = (pathname: string): string => pathname.replace(/^\/connect(?=\/)/, '')

const NO_DEFERRED_FETCH = 'deferred-fetch=(), deferred-fetch-minimal=()'

function serveSite({ tenants, world }: Stage, response: ServerResponse, host: string, url: URL): void {
  const asset = /^\/ccp-assets\/([a-z0-9.-]+)$/.exec(url.pathname)?.[1]
  if (asset !== undefined) {
    sendAsset(response, asset)
    return
  }
  // The top page's policy restricts its frames, too.
  const { 'Permissions-Policy': permissions } = permissionsOf(world)
  const policies = [url.searchParams.get('later') === 'no' ? NO_DEFERRED_FETCH : undefined, permissions]
  const policy = policies.filter((each) => each !== undefined).join(', ')
  response.writeHead(200, pageHeaders(host, [], policy === '' ? {} : { 'Permissions-Policy': policy }))
  if (host !== 'crm.example.test') {
    response.end(otherPage(host))
    return
  }
  const ccpUrl = url.searchParams.get('ccp') ?? `https://${hostOf(tenants[0]?.alias ?? '', 'legacy')}/connect/ccp-v2/`
  response.end(crmPage({ ccpUrl, initCcp: url.searchParams.has('init'), host }))
}

function acceptWebSocket({ tenants, journal, faults, webSockets }: Stage, request: IncomingMessage, to: Upgrade): void {
  const place = placeOf(request.headers.host)
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost')
  const agent = searchParams.get('agent') ?? undefined
  const tenant = place.kind === 'site' ? undefined : tenants.find(({ alias }) => alias === place.alias)
  const fate = faults.fateOf({ operation: 'websocket', origin: request.headers.origin, agent, waits: false })
  const refused = !tenant || fate.error !== undefined || fate.drop !== undefined
  journal.add<RequestEntry>({
    kind: 'request',
    alias: tenant?.alias ?? '',
    agent,
    operation: 'websocket',
    details: detailsOf(request),
    input: {},
    status: refused ? 403 : 101,
    error: undefined,
    answeredAt: Date.now(),
    clientGoneAt: undefined,
  })
  if (fate.hang) return
  const pushed = pathname.endsWith(PUSH_PATH) ? tenant?.sessions.byToken(searchParams.get('token') ?? '') : undefined
  if (refused) to.socket.destroy()
  else if (pushed) webSockets.push(request, to.socket, to.head, tenant, pushed)
  else webSockets.accept(request, to.socket, to.head)
}
