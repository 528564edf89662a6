/** Runs the real watchdog on this machine, with a local DynamoDB and the stand-in instance's public API. */
import { createHash } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { ConnectClient } from '@aws-sdk/client-connect'
import type { Heartbeat } from '../../src/protocol/heartbeat'
import { readHeartbeat } from '../../src/protocol/heartbeat'
import { AwsConnect } from '../../watchdog/src/aws-connect'
import { sendCanary } from '../../watchdog/src/canary'
import { DEFAULT_OPTIONS } from '../../watchdog/src/decide/options'
import type { Options } from '../../watchdog/src/decide/options'
import { takeHeartbeat } from '../../watchdog/src/ingest'
import { runSweep } from '../../watchdog/src/run-sweep'
import type { SweepParts } from '../../watchdog/src/sweep'
import { look } from '../../watchdog/src/sweep'
import { tellBy } from '../../watchdog/src/tell'
import type { Instance } from '../instance/instance'
import { startLocalDynamo } from './local-dynamo'

const SLOT_MS = 15_000
const SWEEP_MS = 105_000
const MINUTE = 60_000

export interface LocalWatchdogOptions {
  readonly instance: Instance
  readonly alias: string
  readonly secret: string
  readonly options?: Partial<Options>
  readonly clock?: SkippingClock
  /** Called with each heartbeat that was accepted, and with each record that the watchdog logs. */
  readonly onHeartbeat?: (heartbeat: Heartbeat) => void
  readonly onRecord?: (record: object) => void
}

/** A clock that runs like the machine's, but skips sleeps instead of waiting. */
export class SkippingClock {
  private readonly skips: { readonly at: number; readonly ms: number }[] = []

  now = (): number => Date.now() + this.skips.reduce((sum, { ms }) => sum + ms, 0)

  /** What this clock showed when the machine's clock showed `ms`, which must be in the past. */
  at = (ms: number): number => this.skips.reduce((sum, skip) => (skip.at < ms ? sum + skip.ms : sum), ms)

  skip(ms: number): void {
    this.skips.push({ at: Date.now(), ms })
  }

  sleep = (ms: number): Promise<void> => {
    this.skip(ms)
    return Promise.resolve()
  }
}

export interface TakenHeartbeat {
  readonly at: number
  readonly heartbeat: Heartbeat
}

export interface LocalWatchdog {
  /** The setting `watchdogEndpoint`. */
  readonly url: string
  readonly taken: readonly TakenHeartbeat[]
  /** How many CORS preflights have arrived. */
  preflights(): number
  readonly records: readonly object[]
  /**
   * Resolves with the first heartbeat that fits, whether it has arrived already or is still to come.
   * @param what for the error
   */
  heartbeat(what: string, fits: (heartbeat: Heartbeat) => boolean, timeoutMs?: number): Promise<TakenHeartbeat>
  /** Resolves when the case of an agent has an outcome. */
  outcome(username: string, timeoutMs: number): Promise<void>
  /** Makes one look, as a sweep does in each slot. */
  look(): Promise<void>
  /** Starts a sweep now and every minute, like the deployed schedule. @returns a function that stops it */
  schedule(): () => void
  close(): Promise<void>
}

/** Starts ingest and the table; sweeps start with `schedule`. */
export async function startLocalWatchdog(given: LocalWatchdogOptions): Promise<LocalWatchdog> {
  const { instance, alias, secret, clock } = given
  const now = clock?.now ?? Date.now
  const hash = createHash('sha256').update(secret).digest('hex')
  const dynamo = await startLocalDynamo()
  const api = await instance.openPublicApi(clock === undefined ? {} : { timeOf: clock.at, now: clock.now }, alias)
  const client = new ConnectClient({
    endpoint: api.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    maxAttempts: 1,
  })
  const taken: TakenHeartbeat[] = []
  const records: object[] = []
  let preflights = 0
  const seen = new EventEmitter()
  const ingest = { table: dynamo.table, secretHashes: [hash], instance: alias, now }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      const { method = '' } = request
      const headers = { authorization: request.headers.authorization, origin: request.headers.origin }
      takeHeartbeat(ingest, { method, headers, body }).then(
        (answer) => {
          response.writeHead(answer.statusCode, answer.headers).end(answer.body)
          if (method === 'OPTIONS') preflights += 1
          const heartbeat = answer.statusCode === 200 ? readHeartbeat(JSON.parse(body)) : null
          if (method !== 'POST' || heartbeat === null) return
          taken.push({ at: now(), heartbeat })
          given.onHeartbeat?.(heartbeat)
          seen.emit('heartbeat')
        },
        () => response.writeHead(500).end(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`

  const log = (record: object): void => {
    records.push(record)
    seen.emit('record')
    given.onRecord?.(record)
  }
  const parts: SweepParts = {
    table: dynamo.table,
    connect: new AwsConnect(client, {
      instanceId: api.instanceId,
      offlineStatusId: api.statusId('offline'),
      instance: alias,
      hashKey: '',
      tag: '',
    }),
    canary: () => sendCanary(url, hash),
    ...tellBy({ instance: alias, log, publish: () => Promise.resolve() }),
    options: { ...DEFAULT_OPTIONS, ...given.options },
    mode: 'act',
    slotMs: SLOT_MS,
    now,
    sleep: clock?.sleep ?? delay,
  }
  const sweeps = new Set<Promise<unknown>>()
  return {
    url,
    taken,
    preflights: () => preflights,
    records,
    heartbeat: async (what, fits, timeoutMs = 20_000) => {
      const timeout = AbortSignal.timeout(timeoutMs)
      for (;;) {
        const found = taken.find(({ heartbeat }) => fits(heartbeat))
        if (found !== undefined) return found
        await once(seen, 'heartbeat', { signal: timeout }).catch((cause: unknown) => {
          const told = JSON.stringify(taken.map(({ heartbeat }) => heartbeat))
          throw new Error(`No heartbeat ${what} after ${timeoutMs} ms. Received: ${told}`, { cause })
        })
      }
    },
    outcome: async (username, timeoutMs) => {
      const timeout = AbortSignal.timeout(timeoutMs)
      const isOver = async (): Promise<boolean> => {
        const { case: found } = await dynamo.table.ofAgent(`n:${username}`, now())
        return found !== null && found.outcome !== null
      }
      for (;;) {
        const next = once(seen, 'record', { signal: timeout })
        next.catch(() => undefined)
        if (await isOver()) return
        await next
      }
    },
    look: async () => {
      await look(parts)
    },
    schedule: () => {
      let isOver = false
      const stoppable = { ...parts, now: () => (isOver ? Infinity : now()) }
      const sweep = (): void => {
        const running: Promise<unknown> = runSweep(stoppable, now() + SWEEP_MS)
          .catch((error: unknown) => log({ SeverityText: 'ERROR', Body: String(error) }))
          .finally(() => sweeps.delete(running))
        sweeps.add(running)
      }
      sweep()
      const timer = setInterval(sweep, MINUTE)
      return () => {
        isOver = true
        clearInterval(timer)
      }
    },
    close: async () => {
      await Promise.all(sweeps)
      client.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await dynamo.close()
    },
  }
}
