import type { IncomingMessage, ServerResponse } from 'node:http'
import { OPERATIONS } from '../api/operations'
import type { StreamsVersion, Tenant } from '../api/tenant'
import { isExtension, type Faults } from '../faults'
import type { Journal, RequestEntry } from '../journal'
import type { AgentModel } from '../model/agent-model'
import { ApiError } from '../model/errors'
import type { Network } from '../network'
import { ccpPage } from '../pages/ccp'
import { signInPage } from '../pages/sign-in'
import { agentAppPage } from '../pages/sites'
import { pageHeaders, permissionsOf, redirect, sendJson, sendText } from './answers'
import { assetNamed, isStreamsVersion } from './assets'
import { breakConnection } from './connection'
import { detailsOf, Exchange, pause, readBody } from './exchange'
import type { Place } from './hosts'
import { parseRecord, recordAt, textAt, type JsonRecord } from './json'
import { COOKIE_NAME, type Session } from './sessions'
import type { World } from '../world/axes'
import { jsonOf } from '../world/json-of'

/** What the routes of an instance need. */
export interface Site {
  readonly tenant: Tenant
  readonly place: Exclude<Place, { kind: 'site' }>
  readonly journal: Journal
  readonly faults: Faults
  readonly network: Network
}

export interface Visit extends Site {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  /** The path without the instance's prefix: `/ccp` on every kind of host. */
  readonly path: string
}

const FRAMERS = ['https://crm.example.test']
const LOG_LINES = 'time,level,message\n2026-01-05T09:00:00Z,INFO,Acknowledged by the ConnectSharedWorker!\n'

/** Answers a request to one of an instance's hosts. */
export async function serveInstance(visit: Visit): Promise<void> {
  const { path, response } = visit
  const asset = /^\/ccp-assets\/([a-z0-9.-]+)$/.exec(path)?.[1]
  if (path === '/api') await serveApi(visit)
  else if (path === '/auth/authorize') await serveAuthorize(visit)
  else if (path === '/logout') await serveLogout(visit)
  else if (path === '/login') await serveLogin(visit)
  else if (asset !== undefined) serveAsset(visit, asset)
  else if (path === '/agent-app/api') sendJson(response, { IntegrationAssociationSummaryList: [] })
  else if (path.startsWith('/task-templates/')) sendJson(response, { taskTemplates: [] })
  else if (path === '/whitelisted-origins') sendJson(response, { whitelistedOrigins: framers(visit) })
  else if (path === '/no-content') response.writeHead(204).end()
  else await servePage(visit)
}

const framers = ({ tenant }: Visit): readonly string[] => tenant.options.approvedOrigins ?? FRAMERS

function newEntry(visit: Visit, operation: string, agent: AgentModel | undefined, input: JsonRecord): RequestEntry {
  return visit.journal.add<RequestEntry>({
    kind: 'request',
    alias: visit.tenant.alias,
    agent: agent?.username,
    operation,
    details: detailsOf(visit.request),
    input,
    status: undefined,
    error: undefined,
    answeredAt: undefined,
    clientGoneAt: undefined,
  })
}

function newExchange(visit: Visit, operation: string, agent: AgentModel | undefined, input: JsonRecord): Exchange {
  return new Exchange(visit.response, visit.journal, visit.faults, newEntry(visit, operation, agent, input))
}

/** What the journal records of an input: everything except the token. */
const withoutToken = (input: JsonRecord): JsonRecord =>
  Object.fromEntries(Object.entries(input).filter(([key]) => key !== 'authentication'))

async function serveApi(visit: Visit): Promise<void> {
  const { request, response, tenant, place } = visit
  const input = parseRecord(await readBody(request)) ?? {}
  const target = /^AmazonConnectCTIService\.(\w+)$/.exec([request.headers['x-amz-target']].flat()[0] ?? '')?.[1]
  const token = textAt(recordAt(input, 'authentication'), 'authToken') ?? [request.headers['x-amz-bearer']].flat()[0]
  const agent = tenant.sessions.byToken(token)
  const exchange = newExchange(visit, target ?? 'unknown', agent, withoutToken(input))
  const work = (): JsonRecord | Promise<JsonRecord> => {
    if (!agent) throw new ApiError('UnauthorizedException', 401, 'The token is not valid, or has expired.')
    refuseStrangers(visit, token)
    const operation = OPERATIONS.get(target ?? '')
    if (!operation) throw new ApiError('UnknownOperationException', 400)
    const webSocketUrl = `wss://${place.host}${place.base}/websocket?agent=${encodeURIComponent(agent.username)}`
    return operation({ tenant, agent, input, request: exchange.entry, webSocketUrl, gone: exchange.gone })
  }
  await exchange.run(work, (answer) => sendJson(response, jsonOf(answer, tenant.world), 'application/x-amz-json-1.0'))
}

/** How many calls with a fresh token are refused, in worlds that do so. */
const STRANGE_CALLS = 2

/** Throws where the world refuses this call, because of its token's age or its origin. */
function refuseStrangers({ request, tenant }: Visit, token?: string): void {
  const { extensionOrigin, freshTokens } = tenant.world
  if (extensionOrigin === 'refused' && isExtension(request.headers.origin)) throw accessDenied()
  if (!tenant.sessions.isStrange(token)) return
  throw freshTokens === '403-first' ? accessDenied() : new ApiError('UnauthorizedException', 401)
}

const accessDenied = (): ApiError => new ApiError('AccessDeniedException', 403)

async function serveAuthorize(visit: Visit): Promise<void> {
  const { request, response, tenant } = visit
  const session = tenant.sessions.byCookie(request.headers.cookie)
  const exchange = newExchange(visit, 'authorize', session?.agent, {})
  await exchange.run(
    () => {
      refuseStrangers(visit)
      if (!session) throw new ApiError('UnauthorizedException', 401, 'Not signed in.')
      const isStrange = tenant.world.freshTokens !== 'taken'
      const { accessToken, expiration } = tenant.sessions.issueToken(session, isStrange ? STRANGE_CALLS : 0)
      return {
        accessToken,
        ...(tenant.world.expiration !== 'missing' && { expiration: timeOf(expiration, tenant.world) }),
      }
    },
    (answer) => sendJson(response, jsonOf(answer, tenant.world)),
  )
}

/** A token's expiry in the format of the world. */
function timeOf(ms: number, { expiration }: World): number | string {
  if (expiration === 'missing') return ''
  return expiration === 'iso' ? new Date(ms).toISOString() : ms
}

/** Ends the session. The agent's status does not change (issue 493). */
async function serveLogout(visit: Visit): Promise<void> {
  const { request, response, tenant, place, journal } = visit
  const session = tenant.sessions.byCookie(request.headers.cookie)
  const exchange = newExchange(visit, 'logout', session?.agent, {})
  await exchange.run(
    () => {
      if (session) {
        tenant.sessions.signOut(session)
        journal.add({ kind: 'session', alias: tenant.alias, agent: session.agent.username, event: 'sign-out' })
      }
      return {}
    },
    (answer) => {
      response.setHeader('Set-Cookie', cookie(visit, '', 0))
      if (request.headers['sec-fetch-mode'] === 'navigate') redirect(response, `${place.base}/login`)
      else sendJson(response, answer)
    },
  )
}

function cookie({ tenant, place }: Visit, value: string, maxAge: number | undefined): string {
  const parts = [`${COOKIE_NAME}=${value}`, `Path=${place.base || '/'}`, 'HttpOnly', 'Secure']
  parts.push(`SameSite=${tenant.options.cookieSameSite ?? 'None'}`)
  if (tenant.options.cookiePartitioned) parts.push('Partitioned')
  if (maxAge !== undefined) parts.push(`Max-Age=${maxAge}`)
  return parts.join('; ')
}

/** The path to go to after sign-in. Only paths within the instance are allowed, to prevent open redirects. */
function nextOf(visit: Visit, next: string | null): string {
  return next?.startsWith('/') && !next.startsWith('//') ? next : `${visit.place.base}/ccp-v2/`
}

function signIn(visit: Visit, agent: AgentModel, next: string): void {
  const { tenant, response, journal } = visit
  const session = tenant.sessions.signIn(agent)
  journal.add({ kind: 'session', alias: tenant.alias, agent: agent.username, event: 'sign-in' })
  redirect(response, next, { 'Set-Cookie': cookie(visit, session.id, tenant.options.cookieMaxAgeSeconds) })
}

async function serveLogin(visit: Visit): Promise<void> {
  const { request, response, tenant, place, url } = visit
  const as = url.searchParams.get('as')
  if (request.method === 'GET' && as !== null) {
    const agent = tenant.findAgent(as)
    if (agent) signIn(visit, agent, nextOf(visit, url.searchParams.get('next')))
    else sendText(response, 404, `There is no agent ${as}.`)
    return
  }
  const form = new URLSearchParams(request.method === 'POST' ? await readBody(request) : url.search)
  const next = nextOf(visit, form.get('next'))
  const agent = tenant.findAgent(form.get('username') ?? '')
  if (request.method === 'POST' && agent?.password === form.get('password')) {
    signIn(visit, agent, next)
    return
  }
  const failed = request.method === 'POST'
  response.writeHead(failed ? 401 : 200, pageHeaders(place.host, framers(visit)))
  response.end(signInPage(place.base, tenant.alias, next, failed))
}

function serveAsset({ response, tenant }: Visit, name: string): void {
  if (name === 'first.js') {
    response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-store' })
    response.end(tenant.options.firstScript)
    return
  }
  if (name === 'call-log.csv') {
    response.writeHead(200, {
      'Content-Type': 'text/csv',
      'Content-Disposition': 'attachment; filename="call-log.csv"',
    })
    response.end(LOG_LINES)
    return
  }
  sendAsset(response, name)
}

/** Sends a script or a style sheet. A worker's script has its own policy, which applies to the worker. */
export function sendAsset(response: ServerResponse, name: string): void {
  const asset = assetNamed(name)
  if (!asset) {
    sendText(response, 404, 'Not found.')
    return
  }
  response.writeHead(200, {
    'Content-Type': asset.type,
    'Cache-Control': 'max-age=3600',
    'X-Content-Type-Options': 'nosniff',
    ...(/(^|-)worker-/.test(name) && {
      'Content-Security-Policy': "default-src 'none'; script-src 'self'; connect-src 'self' wss:",
    }),
  })
  response.end(asset.body)
}

type PageKind = 'v1' | 'v2' | 'agent-app'

function pageKind({ path, place }: Visit): PageKind | undefined {
  if (/^\/ccp-v2(\/(softphone|settings|channel-view|task-list)?)?$/.test(path)) return 'v2'
  if (place.kind === 'govcloud') return undefined
  if (/^\/ccp\/?$/.test(path)) return 'v1'
  return /^\/agent-app-v2\/?$/.test(path) ? 'agent-app' : undefined
}

async function servePage(visit: Visit): Promise<void> {
  const { request, response, tenant, place, url, faults } = visit
  const kind = pageKind(visit)
  if (!kind) {
    sendText(response, 404, 'Not found.')
    return
  }
  const session = tenant.sessions.byCookie(request.headers.cookie)
  if (!session) {
    redirect(response, `${place.base}/login?next=${encodeURIComponent(url.pathname + url.search)}`)
    return
  }
  const { hang, workMs, delayMs, drop } = faults.fateOf({
    operation: 'page',
    origin: undefined,
    agent: session.agent.username,
    waits: false,
  })
  await pause(workMs)
  if (hang) return
  if (drop !== undefined) {
    breakConnection(response)
    return
  }
  if (kind === 'v1' && tenant.options.upgraded) {
    redirect(response, `${place.base}/ccp-v2/`)
    return
  }
  const kept = tenant.options.pagesMayBeKept ? { 'Cache-Control': 'no-cache' } : {}
  response.writeHead(200, pageHeaders(place.host, framers(visit), { ...kept, ...permissionsOf(tenant.world) }))
  if (delayMs > 0) {
    response.write('<!doctype html>')
    await pause(delayMs)
  }
  response.end(kind === 'agent-app' ? agentApp(visit) : ccp(visit, kind, session))
}

/** The agent workspace. `?frames=v1,v2/task-list` chooses the CCPs that it frames. */
function agentApp({ place, url, tenant }: Visit): string {
  const frames = (url.searchParams.get('frames') ?? 'v2').split(',')
  const paths = frames.map(
    (frame) => place.base + (frame === 'v1' ? '/ccp' : `/ccp-v2${frame.slice('v2'.length) || '/'}`),
  )
  return agentAppPage(place.base, tenant.alias, paths)
}

function ccp({ place, url, tenant }: Visit, generation: 'v1' | 'v2', session: Session): string {
  const asked = url.searchParams.get('streams') ?? ''
  const stock: StreamsVersion =
    generation === 'v1' ? (tenant.options.streamsV1 ?? '1.4') : (tenant.options.streamsV2 ?? '2.28')
  const { accessToken, expiration } = tenant.sessions.issueToken(session)
  return ccpPage({
    host: place.host,
    base: place.base,
    generation,
    streams: isStreamsVersion(asked) ? asked : stock,
    token: accessToken,
    expiration: timeOf(expiration, tenant.world),
    world: tenant.world,
    hasFirstScript: tenant.options.firstScript !== undefined,
  })
}
