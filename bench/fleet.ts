/**
 * Simulates a fleet's working day within minutes: `npm run bench -- --fleet [--agents N] [--seed N] [--pipeline]`. Each
 * machine runs the real exporter against a collector that decodes with OpenTelemetry's official definitions, fails a
 * tenth of all requests, and is down for an hour. Prints figures, and fails where a record was lost.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Collector } from '../test/collector/collector'
import type { Fault } from '../test/collector/collector'
import { Exporter } from '../src/background/fleet/exporter'
import { identified } from '../src/background/fleet/identify'
import { post } from '../src/background/fleet/post-records'
import { targetOf } from '../src/background/fleet/target'
import type { Target } from '../src/background/fleet/target'
import { DEFAULT_SETTINGS } from '../src/domain/settings'
import type { Outbox } from '../src/storage/outbox-store'
import type { Happening } from './fleet/day'
import { dayOf } from './fleet/day'
import { Heap } from './fleet/heap'
import { memoryOutbox } from './fleet/memory-outbox'
import { startPipeline } from './fleet/pipeline'
import { seededRandom } from '../test/instance/seeded-random'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MORNING = Date.UTC(2026, 10, 25, 8)
/** The collector is down from eleven to twelve. */
const DOWN = [MORNING + 3 * HOUR, MORNING + 4 * HOUR] as const
const FAILING = 0.1
/** Everything that is due within this time is done concurrently, at the same simulated time. */
const SLICE_MS = 1_000
const AT_ONCE = 64

interface Machine {
  readonly name: string
  readonly outbox: Outbox
  readonly exporter: Exporter
  readonly target: Target
  readonly day: Happening[]
  /** When the machine next has something to do, in ms since the epoch; Infinity when its day is over. */
  wakeAt: number
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      fleet: { type: 'boolean' },
      agents: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      pipeline: { type: 'boolean', default: false },
      json: { type: 'string', default: join('out', 'fleet.json') },
    },
  })
  const figures = await simulate(Number(values.agents), Number(values.seed), values.pipeline)
  mkdirSync(join(values.json, '..'), { recursive: true })
  writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(40)} ${value.toLocaleString('en')}`)
  const isWhole = figures.recordsReceived === figures.recordsNoted && figures.recordsDropped === 0
  if (!isWhole || (values.pipeline && figures.linesInPipeline !== figures.recordsReceived + figures.duplicates)) {
    throw new Error('The numbers of records noted and received differ')
  }
}

async function simulate(agents: number, seed: number, withPipeline: boolean) {
  const random = seededRandom(seed)
  const began = performance.now()
  let now = MORNING
  const received = new Set<string>()
  let duplicates = 0
  let requests = 0
  let bytes = 0
  const perSecond = new Map<number, number>()
  /** For each raised flag: when it was raised (ms since the epoch), and how many ms later the collector received it. */
  const urgent: { readonly at: number; readonly lag: number }[] = []
  const pipeline = withPipeline ? await startPipeline() : null

  const collector = new Collector({
    decide: () => faultAt(now, random),
    onRecord: (record) => {
      const id = String(record.attributes['log.record.uid'])
      if (received.has(id)) duplicates += 1
      else if (record.event === 'ccp_signoff.flag.raised') urgent.push({ at: record.at, lag: now - record.at })
      received.add(id)
      pipeline?.write(record)
    },
  })
  await collector.listen()
  const counted: typeof post = (target, request) => {
    requests += 1
    bytes += request.body.length
    const second = Math.floor(now / 1_000)
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1)
    return post(target, request)
  }

  const heap = new Heap<Machine>()
  const machines = Array.from({ length: agents }, (_, nth): Machine => {
    const name = `agent.${nth}`
    const outbox = memoryOutbox()
    const settings = { ...DEFAULT_SETTINGS, otlpEndpoint: collector.url, otlpResource: ['site=Lisboa', 'team=Support'] }
    const facts = { version: '0.1.0', installationId: `machine-${nth}`, userAgent: USER_AGENT, os: 'win' }
    const target = targetOf(settings, facts)
    if (target === null) throw new Error('No target')
    const parts = { outbox: () => Promise.resolve(outbox), post: counted, now: () => now, jitter: random }
    const day = dayOf(name, MORNING, random)
    return { name, outbox, exporter: new Exporter(parts), target, day, wakeAt: day[0]?.at ?? Infinity }
  })
  for (const machine of machines) heap.push(machine.wakeAt, machine)

  let noted = 0
  let mostWaiting = 0
  let mostMemory = 0
  let toldAt = 0
  const live = async (machine: Machine): Promise<void> => {
    while (machine.day[0] !== undefined && machine.day[0].at <= now) {
      const [{ drafts }] = machine.day.splice(0, 1) as [Happening]
      const identity = { agentIdentity: 'hash', agentHashKey: 'a key of the organization' } as const
      const installationId = String(machine.target.resource['service.instance.id'])
      const records = await Promise.all(drafts.map((draft) => identified(draft, identity, installationId, now)))
      noted += records.length
      await machine.outbox.add(records, null)
      mostWaiting = Math.max(mostWaiting, (await machine.outbox.waiting()).count)
    }
    const sendAt = (await machine.exporter.run(machine.target)) ?? Infinity
    machine.wakeAt = Math.min(sendAt, machine.day[0]?.at ?? Infinity)
    if (machine.wakeAt < Infinity) heap.push(machine.wakeAt, machine)
  }

  while (heap.size > 0) {
    const until = heap.next + SLICE_MS
    now = Math.max(now, heap.next)
    const due: Machine[] = []
    while (heap.next <= until) {
      const machine = heap.pop()
      if (machine !== undefined) due.push(machine)
    }
    // The time of the last machine in the slice, so that nothing happens before it is due.
    now = Math.max(now, ...due.map(({ wakeAt }) => wakeAt))
    for (let from = 0; from < due.length; from += AT_ONCE) await Promise.all(due.slice(from, from + AT_ONCE).map(live))
    mostMemory = Math.max(mostMemory, process.memoryUsage.rss())
    if (now - toldAt >= HOUR / 2) {
      toldAt = now
      console.log(`${new Date(now).toISOString().slice(11, 16)}  ${received.size} records, ${requests} requests`)
    }
  }
  const ledgers = await Promise.all(machines.map(({ outbox }) => outbox.ledger()))
  const left = await Promise.all(machines.map(({ outbox }) => outbox.waiting()))
  await collector.close()
  const lines = pipeline === null ? 0 : await pipeline.close(received.size + duplicates)
  const afterOutage = [...perSecond].filter(
    ([second]) => second * 1_000 >= DOWN[1] && second * 1_000 < DOWN[1] + HOUR / 2,
  )
  const inOutage = (at: number): boolean => at >= DOWN[0] - MINUTE && at < DOWN[1]
  const well = urgent
    .filter(({ at }) => !inOutage(at))
    .map(({ lag }) => lag)
    .sort((a, b) => a - b)
  const all = urgent.map(({ lag }) => lag).sort((a, b) => a - b)
  return {
    agents,
    seed,
    recordsNoted: noted,
    recordsReceived: received.size,
    duplicates,
    recordsDropped: ledgers.reduce((sum, { dropped, rejected }) => sum + dropped + rejected, 0),
    recordsLeftWaiting: left.reduce((sum, { count }) => sum + count, 0),
    mostWaitingOnAMachine: mostWaiting,
    requests,
    requestsPerAgent: round(requests / agents),
    bytesPerAgent: Math.round(bytes / agents),
    recordsPerAgent: round(noted / agents),
    flagsRaised: all.length,
    flagLagMostMs: Math.round(all.at(-1) ?? 0),
    flagsOutsideOfTheOutage: well.length,
    theirLagMedianMs: Math.round(quantile(well, 0.5)),
    theirLagMostMs: Math.round(well.at(-1) ?? 0),
    thoseWithinAMinute: well.filter((lag) => lag <= MINUTE).length,
    requestsPerSecondMean: round(requests / Math.max(1, perSecond.size)),
    requestsPerSecondMostAfterOutage: Math.max(0, ...afterOutage.map(([, count]) => count)),
    requestsPerSecondMost: Math.max(0, ...perSecond.values()),
    memoryMostMegabytes: Math.round(mostMemory / 1e6),
    linesInPipeline: lines,
    tookSeconds: Math.round((performance.now() - began) / 1_000),
  }
}

const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/146.0.0.0 Safari/537.36'

/**
 * How the collector fails a request at this time, or null. It is down for an hour. Otherwise one request in ten fails:
 * with
 * 503, with 429 and Retry-After, or with a connection that is cut before or after the records were accepted.
 */
function faultAt(now: number, random: () => number): Fault | null {
  if (now >= DOWN[0] && now < DOWN[1]) return { status: 503, cut: true }
  if (random() >= FAILING) return null
  const kinds: readonly Fault[] = [
    { status: 503 },
    { status: 429, retryAfter: '30' },
    { status: 503, cut: true },
    { status: 200, cut: true },
  ]
  return kinds[Math.floor(random() * kinds.length)] ?? null
}

const round = (value: number): number => Math.round(value * 100) / 100
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
