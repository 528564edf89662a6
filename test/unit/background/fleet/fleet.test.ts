import 'fake-indexeddb/auto'
import { Fleet } from '../../../../src/background/fleet/fleet'
import { Problems } from '../../../../src/background/problems'
import type { FleetStatus } from '../../../../src/domain/fleet/sending-status'
import type { CloseState } from '../../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../../src/domain/closes/state'
import { openOutbox } from '../../../../src/storage/outbox-store'
import { Collector } from '../../../collector/collector'
import { facts, flag, flagged as withFlags, header, EventPlayer } from '../../domain/build'
import { sampleEntry } from '../../ui/samples'
import { fake, renewBrowser } from '../browser'

jest.mock('../../../../src/platform/browser', () => jest.requireActual<object>('../browser'))
jest.mock('../../../../src/storage/own-store', () => jest.requireActual<object>('../browser'))

let collector: Collector
let problems: Problems
let closeState: CloseState
/** The engine reports its state when it has finished its current work. */
let stateKnown: Promise<void>
let isStateAsked: boolean
let fleet: Fleet

beforeEach(async () => {
  // Otherwise timers of previous workers would keep firing.
  jest.useFakeTimers({
    doNotFake: ['Date', 'setImmediate', 'clearImmediate', 'queueMicrotask', 'nextTick', 'performance', 'hrtime'],
  })
  renewBrowser()
  await (await openOutbox()).clear()
  collector = new Collector({ key: 's3cret' })
  await collector.listen()
  closeState = EMPTY_CLOSE_STATE
  stateKnown = Promise.resolve()
  isStateAsked = false
  begin()
})
afterEach(async () => {
  fake.own.set({ settings: {} })
  fleet.follow()
  await until(() => !fake.own.items.has('installation'))
  jest.useRealTimers()
  await collector.close()
})

/** The worker right after a start. */
function begin(): void {
  problems = new Problems()
  fleet = new Fleet({
    state: () => {
      isStateAsked = true
      return stateKnown.then(() => closeState)
    },
    started: () => Promise.resolve(),
    userAgent: 'UA',
    problems,
  })
  fleet.listen()
}

function configure(more: Record<string, unknown> = {}): void {
  const otlpHeaders = ['X-Key=s3cret']
  fake.own.set({ settings: { otlpEndpoint: collector.url, otlpHeaders, otlpResource: ['site=Lisboa'], ...more } })
}

/** Time passes, then something changes. */
function later(ms: number): void {
  const at = Date.now() + ms
  jest.spyOn(Date, 'now').mockImplementation(() => at)
  fleet.follow()
}

/** Resolves with the status once the condition holds. */
async function statusWhen(isSo: (status: FleetStatus) => boolean): Promise<FleetStatus> {
  let status = await fleet.status()
  await until(async () => isSo((status = await fleet.status())))
  return status
}

/** Polls until the condition holds or the test times out, without timers, since they are faked here. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((done) => setImmediate(done))
}

const withAda = (type: 'routable' | 'offline'): CloseState => {
  const told = new EventPlayer()
  told.open(header('doc-a'), facts(type))
  return told.state
}
const flagged = (): CloseState => withFlags([flag({ since: Date.now() - 5_000 })])

test('without an address nothing is recorded, created or sent', async () => {
  closeState = flagged()
  await fleet.reportLog([sampleEntry()], [])
  fleet.follow()
  await fleet.retryNow()
  expect(await fleet.status()).toMatchObject({ endpoint: null, waiting: 0 })
  expect(collector.requests).toEqual([])
  expect(fake.own.items.has('installation')).toBe(false)
})

test('in Firefox nothing is recorded or sent before consent, and nothing is kept after it is withdrawn', async () => {
  fake.keepsConsents = true
  configure({ agentIdentity: 'hash', agentHashKey: 'k' })
  closeState = flagged()
  fake.consents.add('technicalAndInteraction')
  await fleet.reportLog([sampleEntry()], [])
  fleet.settingsChanged()
  await expect(fleet.test()).rejects.toThrow('Nothing may be sent')
  expect(await fleet.status()).toMatchObject({ withheld: ['personallyIdentifyingInfo'], waiting: 0 })
  expect(fake.own.items.has('installation')).toBe(false)

  fake.consents.add('personallyIdentifyingInfo')
  collector.fault = { status: 503 }
  await fleet.retryNow()
  expect(await statusWhen(({ waiting }) => waiting > 0)).toMatchObject({ withheld: [] })
  expect(await fleet.test()).toMatchObject({ ok: false, problem: { status: 503 } })

  fake.consents.clear()
  fleet.settingsChanged()
  await until(() => !fake.own.items.has('installation'))
  expect(await (await openOutbox()).next(9)).toEqual([])
})

test('in Firefox no consent is needed if policy sets the collector', async () => {
  fake.keepsConsents = true
  fake.managed.set({ otlpEndpoint: collector.url, otlpHeaders: ['X-Key=s3cret'] })
  closeState = flagged()
  fleet.settingsChanged()
  await collector.record('the flag', ({ event }) => event === 'ccp_signoff.flag.raised')
  expect((await fleet.status()).withheld).toEqual([])
  fake.managed.items.clear()
})

test('nothing is checked again until the settings change', async () => {
  const read = jest.spyOn(fake.own, 'get')
  await until(async () => {
    read.mockClear()
    fleet.follow()
    for (let turns = 20; turns > 0; turns -= 1) await new Promise((done) => setImmediate(done))
    return read.mock.calls.length === 0
  })
  configure()
  closeState = flagged()
  fleet.settingsChanged()
  await collector.record('the flag', ({ event }) => event === 'ccp_signoff.flag.raised')
})

test('a flag is sent at once, with key, machine and attributes, but without a name', async () => {
  configure()
  closeState = flagged()
  fleet.follow()
  const record = await collector.record('the flag', ({ event }) => event === 'ccp_signoff.flag.raised')
  expect(record.attributes['ccp_signoff.close.id']).toBe('close-1')
  expect(record.resource).toMatchObject({
    'service.name': 'ccp-signoff',
    'service.version': '1.2.3',
    'service.instance.id': fake.own.items.get('installation'),
    'os.type': 'linux',
    site: 'Lisboa',
  })
  expect(JSON.stringify(collector.records)).not.toMatch(/\bada\b/i)
  expect(JSON.stringify(collector.records)).not.toContain('s3cret')
})

test('an entry waits for its batch across a worker’s death, with an alarm that wakes the next worker', async () => {
  configure({ agentIdentity: 'user_name' })
  closeState = withAda('routable')
  await fleet.reportLog([sampleEntry({ id: 'close-7', username: 'ada' })], [])
  // The record of the start waits as well.
  await statusWhen(({ waiting }) => waiting === 2)
  await until(() => (fake.alarms.get('fleet') ?? 0) > Date.now())
  expect(collector.requests).toEqual([])
  begin()
  later(31_000)
  const record = await collector.record('the close', ({ event }) => event === 'ccp_signoff.close')
  expect(record.attributes).toMatchObject({ 'ccp_signoff.close.id': 'close-7', 'user.name': 'ada' })
  expect(collector.requests).toHaveLength(1)
})

test('an entry is recorded even while the engine waits for exactly that', async () => {
  configure()
  let noted = (): void => undefined
  stateKnown = new Promise((resolve) => (noted = resolve))
  fleet.follow()
  await until(() => isStateAsked)
  await fleet.reportLog([sampleEntry()], [])
  noted()
  expect((await fleet.status()).waiting).toBe(1)
})

test('a start is sent once per browser run, and coverage when it changes', async () => {
  configure()
  closeState = withAda('offline')
  fleet.follow()
  await until(() => fake.alarms.has('fleet'))
  begin()
  closeState = withAda('routable')
  later(61_000)
  await collector.record('the change', ({ attributes }) => attributes['ccp_signoff.coverage.cause'] === 'change')
  expect(
    collector.records.map(({ attributes }) => [
      attributes['ccp_signoff.coverage.cause'],
      attributes['ccp_signoff.agent.available'],
    ]),
  ).toEqual([
    ['start', false],
    ['change', true],
  ])
})

test('a wrong key is shown in the status, and a correct one sends the waiting records at once', async () => {
  configure({ otlpHeaders: ['X-Key=wrong'] })
  closeState = flagged()
  fleet.follow()
  await collector.answered(1)
  const status = await statusWhen(({ ledger }) => ledger.problem !== null)
  expect(status.ledger.problem).toMatchObject({ problem: 'refused', status: 401 })
  expect(status.waiting).toBeGreaterThan(0)
  configure()
  fleet.follow()
  await collector.record('the flag', ({ event }) => event === 'ccp_signoff.flag.raised')
  expect((await statusWhen(({ waiting }) => waiting === 0)).ledger.problem).toBeNull()
})

test('the collector’s Retry-After applies, whatever is fixed on this side', async () => {
  collector.fault = { status: 429, retryAfter: '600' }
  configure()
  closeState = flagged()
  fleet.follow()
  const { ledger } = await statusWhen((status) => status.ledger.problem !== null)
  collector.fault = null
  await fleet.retryNow()
  expect((await fleet.status()).ledger.sending.retryAfterUntil).toBe(ledger.sending.retryAfterUntil)
  expect(collector.requests).toHaveLength(1)
})

test('a policy problem is sent without its value', async () => {
  configure()
  fake.managed.set({ holdMs: 'tajny' })
  fleet.follow()
  closeState = flagged()
  fleet.follow()
  const record = await collector.record('it', ({ event }) => event === 'ccp_signoff.policy.problem')
  expect(record.attributes).toMatchObject({ 'ccp_signoff.policy.key': 'holdMs' })
  expect(JSON.stringify(collector.records)).not.toContain('tajny')
})

test('a test record bypasses the outbox, and reports its result', async () => {
  configure()
  expect(await fleet.test()).toMatchObject({ ok: true, status: 200 })
  expect(collector.of('ccp_signoff.test')).toHaveLength(1)
  collector.faults.push({ status: 503 }, { status: 404 }, { status: 200, rejected: 1 })
  expect(await fleet.test()).toMatchObject({ ok: false, problem: { problem: 'busy', status: 503 } })
  expect(await fleet.test()).toMatchObject({ ok: false, problem: { problem: 'refused', status: 404 } })
  expect(await fleet.test()).toMatchObject({ ok: false, problem: { problem: 'partial' } })
  const { url } = collector
  await collector.close()
  expect(await fleet.test()).toMatchObject({ ok: false, problem: { problem: 'no_answer', status: null } })
  await collector.listen(Number(new URL(url).port))
})

test('removing the address discards everything', async () => {
  collector.fault = { status: 503 }
  configure()
  closeState = flagged()
  fleet.follow()
  await collector.answered(1)
  await statusWhen(({ waiting }) => waiting > 0)
  fake.own.set({ settings: {} })
  fleet.settingsChanged()
  await until(() => !fake.own.items.has('installation'))
  expect(await (await openOutbox()).next(9)).toEqual([])
})

test('a broken store is reported to the log, which tries again', async () => {
  configure()
  const broken = jest.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new Error('disk full')
  })
  await expect(fleet.reportLog([sampleEntry()], [])).rejects.toThrow('disk full')
  broken.mockRestore()
  await fleet.reportLog([sampleEntry()], [])
  expect((await fleet.status()).waiting).toBe(1)
})
