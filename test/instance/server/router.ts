import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { World } from '../api/world'
import type { Faults } from '../faults'
import type { Journal, RequestEntry } from '../journal'
import type { Network } from '../network'
import { crmPage, otherPage } from '../pages/sites'
import { pageHeaders, sendText } from './answers'
import { detailsOf } from './exchange'
import { hostOf, placeOf } from './hosts'
import { sendAsset, serveInstance } from './instance-routes'
import type { WebSockets } from './web-socket'

/** All that answering a request takes. */
export interface Stage {
  readonly worlds: readonly World[]
  readonly journal: Journal
  readonly faults: Faults
  readonly network: Network
  readonly webSockets: WebSockets
}

export interface Upgrade {
  readonly socket: Duplex
  readonly head: Buffer
}

/** Answers a request, or a wish for a web socket. */
export async function answer(stage: Stage, request: IncomingMessage, to: ServerResponse | Upgrade): Promise<void> {
  try {
    if ('head' in to) acceptWebSocket(stage, request, to)
    else await answerRequest(stage, request, to)
  } catch {
    // The client went away in the middle of its request.
    request.destroy()
  }
}

async function answerRequest(stage: Stage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!stage.network.reusesConnections) response.shouldKeepAlive = false
  const place = placeOf(request.headers.host)
  const url = new URL(request.url ?? '/', `https://${place.host || 'localhost'}`)
  if (place.kind === 'site') {
    serveSite(stage, response, place.host, url)
    return
  }
  const world = stage.worlds.find(({ alias }) => alias === place.alias)
  if (!world) {
    sendText(response, 404, `No instance ${place.alias}.`)
    return
  }
  await serveInstance({ ...stage, world, place, request, response, url, path: pathBelow(url.pathname) })
}

/** `/connect` comes before the paths on legacy hosts, and is understood on the others as well. */
const pathBelow = (pathname: string): string => pathname.replace(/^\/connect(?=\/)/, '')

const NO_DEFERRED_FETCH = { 'Permissions-Policy': 'deferred-fetch=(), deferred-fetch-minimal=()' }

function serveSite({ worlds }: Stage, response: ServerResponse, host: string, url: URL): void {
  const asset = /^\/ccp-assets\/([a-z0-9.-]+)$/.exec(url.pathname)?.[1]
  if (asset !== undefined) {
    sendAsset(response, asset)
    return
  }
  const forbidden = url.searchParams.get('later') === 'no' ? NO_DEFERRED_FETCH : {}
  response.writeHead(200, pageHeaders(host, [], forbidden))
  if (host !== 'crm.example.test') {
    response.end(otherPage(host))
    return
  }
  const ccpUrl = url.searchParams.get('ccp') ?? `https://${hostOf(worlds[0]?.alias ?? '', 'legacy')}/connect/ccp-v2/`
  response.end(crmPage({ ccpUrl, initCcp: url.searchParams.has('init'), host }))
}

function acceptWebSocket({ worlds, journal, faults, webSockets }: Stage, request: IncomingMessage, to: Upgrade): void {
  const place = placeOf(request.headers.host)
  const agent = new URL(request.url ?? '/', 'https://localhost').searchParams.get('agent') ?? undefined
  const world = place.kind === 'site' ? undefined : worlds.find(({ alias }) => alias === place.alias)
  const fate = faults.fateOf({ operation: 'websocket', origin: request.headers.origin, agent, waits: false })
  const refused = !world || fate.error !== undefined || fate.drop !== undefined
  journal.add<RequestEntry>({
    kind: 'request',
    alias: world?.alias ?? '',
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
  if (refused) to.socket.destroy()
  else webSockets.accept(request, to.socket, to.head)
}
