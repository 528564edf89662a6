/** Receives heartbeats. Anyone who knows the secret can send them, so they are claims and may be false. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Act, HeartbeatAnswer } from '../../src/protocol/heartbeat'
import { readHeartbeat } from '../../src/protocol/heartbeat'
import type { Table } from './table'

export interface HttpRequest {
  readonly method: string
  /** Header values by name, in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface IngestParts {
  readonly table: Table
  /** SHA-256 of the accepted secrets, in hex. There may be two, so that machines can change from one to the other. */
  readonly secretHashes: readonly string[]
  /** Host name or alias of the instance. Heartbeats about other instances are rejected. */
  readonly instance: string
  readonly now: () => number
}

/** The longest body that is accepted, in characters. No heartbeat is as long. */
const MAX_BODY = 4_096
/** How long answers report an act to the agent's machines, in ms. */
const TOLD_MS = 24 * 60 * 60_000

/** Answers one request. Throws where the table fails; then the machine tries again. */
export async function takeHeartbeat(parts: IngestParts, { method, headers, body }: HttpRequest): Promise<HttpAnswer> {
  const cors = corsOf(headers['origin'])
  const answer = (statusCode: number, content: object | null): HttpAnswer => ({
    statusCode,
    headers: { ...cors, ...(content !== null && { 'content-type': 'application/json' }) },
    body: content === null ? '' : JSON.stringify(content),
  })
  if (method === 'OPTIONS') return answer(204, null)
  if (method !== 'POST') return answer(405, { error: 'POST a heartbeat.' })
  const secret = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? ''
  if (isCanary(secret, parts.secretHashes)) {
    await parts.table.fleet()
    return answer(200, { canary: true })
  }
  if (!isKnown(secret, parts.secretHashes)) return answer(401, { error: 'Unknown secret.' })
  if (body.length > MAX_BODY) return answer(413, { error: 'The body is too long for a heartbeat.' })
  const heartbeat = readHeartbeat(parsed(body))
  if (heartbeat === null) return answer(400, { error: 'The body is not a heartbeat of a known version.' })
  if (aliasOf(heartbeat.instance) !== aliasOf(parts.instance)) {
    return answer(422, { error: 'This watchdog is for another instance.' })
  }
  const now = parts.now()
  const before = await parts.table.hear(heartbeat, now)
  const act = before === null ? await actOnOthers(parts.table, heartbeat.agent, now) : before.act
  const told: HeartbeatAnswer = { now, act: act !== null && now - act.at < TOLD_MS ? act : null }
  return answer(200, told)
}

/**
 * What the canary sends as its secret: the sweep only knows hashes.
 * @param secretHash the first of the secrets' hashes
 */
export function canarySecret(secretHash: string): string {
  return createHmac('sha256', secretHash).update('canary').digest('hex')
}

/** An instance's alias is the first part of each of its host names. */
const aliasOf = (instance: string): string => instance.split('.')[0]?.toLowerCase() ?? ''

/** The latest act about an agent on any machine, so that agents who come back on another machine learn of it there. */
async function actOnOthers(table: Table, agent: string, now: number): Promise<Act | null> {
  const { machines } = await table.ofAgent(agent, now)
  const acts = machines.flatMap(({ act }) => act ?? [])
  return acts.sort((a, b) => b.at - a.at)[0] ?? null
}

/** Allows the origins of all browser extensions: in Firefox the extension's origin differs on each machine. */
function corsOf(origin = ''): Record<string, string> {
  if (!/^(chrome|moz)-extension:\/\/[\w-]+$/.test(origin)) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '86400',
    vary: 'Origin',
  }
}

const canaries = new Map<string, string>()

/** Cached, since every heartbeat is compared with it. */
function canaryOf(hash: string): string {
  const known = canaries.get(hash) ?? canarySecret(hash)
  canaries.set(hash, known)
  return known
}

const isCanary = (secret: string, hashes: readonly string[]): boolean =>
  hashes.some((hash) => hash !== '' && isSame(secret, canaryOf(hash)))

const isKnown = (secret: string, hashes: readonly string[]): boolean => {
  const hash = createHash('sha256').update(secret).digest('hex')
  return hashes.some((known) => isSame(hash, known.toLowerCase()))
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
