/** The sender of heartbeats, against the watchdog's own ingest over HTTP. */
import 'fake-indexeddb/auto'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WatchdogActs } from '../../../../src/background/watchdog/act-log'
import { Heartbeats } from '../../../../src/background/watchdog/heartbeats'
import { Problems } from '../../../../src/background/problems'
import type { WatchdogStatus } from '../../../../src/domain/heartbeat/heartbeat-status'
import type { LogEntry } from '../../../../src/domain/log-entry'
import type { CcpEvent } from '../../../../src/domain/closes/events'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import type { Act, Heartbeat } from '../../../../src/protocol/heartbeat'
import { readHeartbeat } from '../../../../src/protocol/heartbeat'
import { openLog } from '../../../../src/storage/log-store'
import { takeHeartbeat } from '../../../../watchdog/src/ingest'
import { MemoryTable } from '../../../watchdog/memory-table'
import { facts, flag, flagged, header, EventPlayer } from '../../domain/build'
import { sampleEntry } from '../../ui/samples'
import { fake, renewBrowser } from '../browser'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))
jest.mock('../../../../src/storage/own-store', () => jest.requireActual<object>('../browser'))

const SECRET = 's3cret'
let server: Server
let table: MemoryTable
let requests: { readonly at: number; readonly heartbeat: Heartbeat | null; readonly origin: string | undefined }[]
/** Answers to the next requests, in place of the watchdog's. */
let answers: { readonly status: number; readonly body?: string }[]
let closeState: CloseState
let dispatched: CcpEvent[]
let heartbeats: Heartbeats
let problems: Problems

beforeEach(async () => {
  jest.useFakeTimers({
    doNotFake: ['Date', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'nextTick', 'performance', 'hrtime'],
  })
  renewBrowser()
  await (await openLog()).clear()
  table = new MemoryTable()
  requests = []
  answers = []
  closeState = EMPTY_CLOSE_STATE
  dispatched = []
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      requests.push({
        at: Date.now(),
        heartbeat: readHeartbeat(JSON.parse(text)),
        origin: request.headers.origin,
      })
      const told = answers.shift()
      if (told !== undefined) {
        response.writeHead(told.status).end(told.body ?? '')
        return
      }
      const hash = createHash('sha256').update(SECRET).digest('hex')
      const parts = { table, secretHashes: [hash], instance: 'acme', now: () => Date.now() - 3_600_000 }
      const headers = { authorization: request.headers.authorization }
      void takeHeartbeat(parts, { method: 'POST', headers, body: text }).then((answer) =>
        response.writeHead(answer.statusCode, answer.headers).end(answer.body),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  begin()
})
afterEach(async () => {
  fake.own.set({ settings: {} })
  heartbeats.settingsChanged()
  await until(() => !fake.own.items.has('heartbeatMachine'))
  jest.useRealTimers()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

/** The worker right after a start. */
function begin(): void {
  problems = new Problems()
  const acts = new WatchdogActs({
    state: () => Promise.resolve(closeState),
    dispatch: (event) => {
      dispatched.push(event)
      return Promise.resolve()
    },
    amend: async (amendment) => (await openLog()).amend(amendment),
  })
  heartbeats = new Heartbeats({
    state: () => Promise.resolve(closeState),
    started: () => Promise.resolve(),
    acts,
    problems,
  })
  heartbeats.listen()
}

function configure(more: Record<string, unknown> = {}): void {
  const { port } = server.address() as AddressInfo
  const settings = {
    watchdogEndpoint: `http://localhost:${port}/`,
    watchdogSecret: SECRET,
    agentIdentity: 'user_name',
    otlpResource: ['site=Lisboa'],
    ...more,
  }
  fake.own.set({ settings })
  heartbeats.settingsChanged()
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((done) => setImmediate(done))
}

/** Time passes, then something changes. */
function later(ms: number): void {
  const at = Date.now() + ms
  jest.spyOn(Date, 'now').mockImplementation(() => at)
  heartbeats.follow()
}

/** Resolves when all work is done and the next alarm is decided. */
async function settled(): Promise<void> {
  for (let turns = 60; turns > 0; turns -= 1) await new Promise((done) => setImmediate(done))
}

async function statusWhen(isSo: (status: WatchdogStatus) => boolean): Promise<WatchdogStatus> {
  let status = await heartbeats.status()
  await until(async () => isSo((status = await heartbeats.status())))
  return status
}

const withAda = (type: 'routable' | 'offline' | 'not_routable', doc = 'doc-a'): CloseState => {
  const told = new EventPlayer()
  told.open(header(doc), facts(type))
  return told.state
}
const said = () => requests.map(({ heartbeat }) => heartbeat)

test('nothing is sent, stored or named without an address', async () => {
  closeState = withAda('routable')
  heartbeats.follow()
  await settled()
  expect(requests).toEqual([])
  expect(await heartbeats.status()).toMatchObject({ endpoint: null })
  expect([...fake.own.items.keys()]).not.toContain('heartbeatMachine')
})

test('nothing is sent without an identity or a secret, and the status says why', async () => {
  closeState = withAda('routable')
  configure({ agentIdentity: 'nothing' })
  await settled()
  expect(await heartbeats.status()).toMatchObject({ refusal: 'no_identity', takenAt: null })
  configure({ watchdogSecret: '' })
  await settled()
  expect(await heartbeats.status()).toMatchObject({ refusal: 'no_secret' })
  expect(requests).toEqual([])
})

test('in Firefox nothing is sent before consent, unless policy sets the address', async () => {
  fake.keepsConsents = true
  closeState = withAda('routable')
  configure()
  fake.consents.add('technicalAndInteraction')
  heartbeats.settingsChanged()
  await settled()
  expect(requests).toEqual([])
  expect(await heartbeats.status()).toMatchObject({ withheld: ['personallyIdentifyingInfo'] })
  fake.consents.add('personallyIdentifyingInfo')
  heartbeats.settingsChanged()
  await until(() => requests.length === 1)
})

test('one is sent when an agent becomes Available, then at each interval, and once when they are gone', async () => {
  configure()
  closeState = withAda('not_routable')
  heartbeats.follow()
  await until(() => requests.length === 1)
  closeState = withAda('routable')
  heartbeats.follow()
  await until(() => requests.length === 2)
  await settled()
  later(29_000)
  await settled()
  expect(requests).toHaveLength(2)
  later(1_500)
  await until(() => requests.length === 3)
  await settled()
  closeState = EMPTY_CLOSE_STATE
  heartbeats.follow()
  await until(() => requests.length === 4)
  await settled()
  later(600_000)
  await settled()
  expect(requests).toHaveLength(4)
  expect(said()).toMatchObject([
    { agent: 'n:ada', isAvailable: false, ccps: 1, site: 'Lisboa', intervalMs: 30_000, isObserved: false },
    { isAvailable: true, ccps: 1, flag: null },
    { isAvailable: true, ccps: 1 },
    { agent: 'n:ada', isAvailable: false, ccps: 0 },
  ])
  const numbers = said().map((heartbeat) => heartbeat?.seq ?? 0)
  expect([...numbers].sort((a, b) => a - b)).toEqual(numbers)
  expect(new Set(numbers).size).toBe(4)
})

test('a hash replaces the name if the settings say so', async () => {
  closeState = withAda('routable')
  configure({ agentIdentity: 'hash', agentHashKey: 'key' })
  await until(() => requests.length === 1)
  expect(said()[0]?.agent).toMatch(/^h:[0-9a-f]{64}$/)
  expect(JSON.stringify(said())).not.toContain('"n:')
})

test('one that fails is not stored: the current facts are sent within 5 s', async () => {
  closeState = withAda('routable')
  answers = [{ status: 503 }]
  configure()
  await statusWhen(({ problem }) => problem !== null)
  await settled()
  closeState = withAda('offline')
  later(5_000)
  await statusWhen(({ takenAt }) => takenAt !== null)
  expect(said()).toMatchObject([{ isAvailable: true }, { isAvailable: false }])
  expect((await heartbeats.status()).problem).toBeNull()
})

test.each([
  [{ status: 200, body: '<html>Sign in to the network</html>' }, 'no_answer', 200],
  [{ status: 200, body: '{"act":{"id":1},"now":1}' }, 'no_answer', 200],
  [{ status: 200, body: 'x'.repeat(5_000) }, 'no_answer', 200],
  [{ status: 401 }, 'secret', 401],
  [{ status: 422 }, 'instance', 422],
  [{ status: 404 }, 'refused', 404],
  [{ status: 302 }, 'no_answer', 302],
])('an answer of %j is a failure: %s', async (answer, problem, status) => {
  closeState = withAda('routable')
  answers = [answer]
  configure()
  expect(await statusWhen((one) => one.problem !== null)).toMatchObject({
    takenAt: null,
    problem: { problem, ...(status !== 302 && { status }) },
  })
})

test('sequence numbers rise across a worker’s death, and a clock that is set back', async () => {
  closeState = withAda('routable')
  configure()
  await until(() => requests.length === 1)
  await settled()
  fake.session.items.clear()
  begin()
  later(-3_600_000)
  await until(() => requests.length === 2)
  expect(said()[1]?.seq).toBeGreaterThan(said()[0]?.seq ?? Infinity)
  expect(said()[1]?.machine).toBe(said()[0]?.machine)
})

test('two agents on one machine have different machine names', async () => {
  const told = new EventPlayer()
  told.open(header('doc-a'), facts('routable'))
  told.open(header('doc-b'), facts('routable', { username: 'bob' }), { tabId: 2, frameId: 0, ownCookies: true })
  closeState = told.state
  configure()
  await until(() => requests.length === 2)
  const [ada, bob] = [...said()].sort((a, b) => (a?.agent ?? '').localeCompare(b?.agent ?? ''))
  expect(bob?.machine).toBe(`${ada?.machine ?? ''}/1`)
})

test('off mode, or removing the address, tells the watchdog that the agent is no longer covered', async () => {
  closeState = withAda('routable')
  configure()
  await until(() => requests.length === 1)
  await settled()
  configure({ mode: 'off' })
  await until(() => requests.length === 2)
  await settled()
  configure()
  await until(() => requests.length === 3)
  await settled()
  fake.own.set({ settings: {} })
  heartbeats.settingsChanged()
  await until(() => requests.length === 4)
  expect(said().map((heartbeat) => heartbeat?.ccps)).toEqual([1, 0, 1, 0])
})

describe('an act of the watchdog', () => {
  const started = Date.now()
  /** By the watchdog's clock, which is an hour behind. */
  const act = (values: Partial<Act> = {}): Act => ({
    id: 'n:ada/1',
    at: started - 3_600_000 - 60_000,
    since: started - 3_600_000 - 160_000,
    reason: 'silent',
    isConfirmed: true,
    ...values,
  })
  const killed = (values: Partial<LogEntry> = {}): LogEntry =>
    sampleEntry({
      id: 'killed',
      username: 'ada',
      at: started - 170_000,
      cause: 'browser_ended',
      tookMs: 165_000,
      exposure: { from: started - 170_000, until: started - 5_000, certainty: 'at_most' },
      ...values,
    })
  const answered = (told: Act) => ({
    status: 200,
    body: JSON.stringify({ now: Date.now() - 3_600_000, act: told }),
  })

  test('is recorded in the entry, and notified to the agent with one button, once', async () => {
    await (await openLog()).put(killed())
    closeState = withAda('offline')
    answers = [answered(act()), answered(act())]
    configure()
    await until(async () => (await (await openLog()).get('killed'))?.timeline.at(-1)?.event === 'set_by_watchdog')
    await until(() => fake.notices.size === 1)
    await settled()
    const entry = await (await openLog()).get('killed')
    const step = entry?.timeline.at(-1)
    // An hour's difference between the clocks is compensated.
    expect(Math.abs((step?.at ?? 0) - (started - 60_000))).toBeLessThan(5_000)
    expect(entry?.exposure?.until).toBe(step?.at)
    fake.notices.clear()
    closeState = withAda('not_routable')
    heartbeats.follow()
    await until(() => requests.length === 2)
    await settled()
    expect(fake.notices.size).toBe(0)
    expect(
      (await (await openLog()).get('killed'))?.timeline.filter(({ event }) => event === 'set_by_watchdog'),
    ).toHaveLength(1)
    expect((await heartbeats.status()).act).toMatchObject({ username: 'ada', reason: 'silent' })
  })

  test('waits for an entry that is written later', async () => {
    closeState = withAda('offline')
    answers = [answered(act())]
    configure()
    await statusWhen((status) => status.act !== null)
    await settled()
    await (await openLog()).put(killed())
    heartbeats.follow()
    await until(async () => (await (await openLog()).get('killed'))?.timeline.at(-1)?.event === 'set_by_watchdog')
  })

  test('clears the flag once Connect has confirmed it, and not before', async () => {
    const open = { from: started - 170_000, until: null, certainty: 'open' } as const
    await (await openLog()).put(killed({ outcome: 'unconfirmed', tookMs: null, exposure: open }))
    closeState = flagged([flag({ closeId: 'killed' })])
    answers = [answered(act({ reason: 'left', isConfirmed: false })), answered(act({ reason: 'left' }))]
    configure()
    await until(async () => (await (await openLog()).get('killed'))?.timeline.at(-1)?.event === 'asked_by_watchdog')
    await settled()
    expect(dispatched).toEqual([])
    later(121_000)
    await until(() => dispatched.length > 0)
    expect(dispatched).toMatchObject([{ type: 'dismiss_flag', closeId: 'killed' }])
    expect((await (await openLog()).get('killed'))?.exposure).toMatchObject({ certainty: 'at_most' })
  })
})
