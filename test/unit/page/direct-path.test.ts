/** @jest-environment jsdom */
import { bodyOf as streamOf, READING } from './answers'
import { throwInHooks } from './hooks'
import type { CloseResult } from '../../../src/domain/close-report'
import type { DirectPathHealth } from '../../../src/domain/capabilities'
import type * as Module from '../../../src/page/direct-path'
import { loadWorld } from '../../wire/load-world'
import { state } from '../domain/build'

const JSON_TYPE = 'application/x-amz-json-1.0'
const SNAPSHOT = '{"snapshot":{},"nextToken":"1"}'
const TOKEN = 'the-token-of-the-page'
const OFFLINE = state('offline')
const PROBE_AGAIN_MS = 5 * 60_000
/** After this long a probe says nothing any more. */
const PROBE_FRESH_MS = 8 * 60_000
const PROBE_FAILED_AGAIN_MS = 60_000

interface Sent {
  readonly url: string
  readonly init: RequestInit
  answer: (response: { status: number; text?: string; type?: string | null }) => Promise<void>
  fail: () => Promise<void>
}
interface SentSync {
  readonly method: string
  readonly url: string
  readonly isAsync: boolean
  readonly headers: Record<string, string>
  body: unknown
}

let fetched: Sent[]
let sync: SentSync[]
/** The answers to synchronous requests, in turn; null throws. */
let syncAnswers: ({ status: number; text: string; url?: string } | null)[]
let path: Module.DirectPath
let isAllowed: boolean
/** The health that was reported after each probe. */
let healths: DirectPathHealth[]
let results: CloseResult[]

const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}

function fakeFetch(url: string, init: RequestInit): Promise<object> {
  return new Promise((resolve, reject) => {
    fetched.push({
      url,
      init,
      answer: ({ status, text = '{}', type = JSON_TYPE }) => {
        resolve({ status, headers: { get: () => type }, body: streamOf(text) })
        return settle()
      },
      fail: () => {
        reject(new TypeError('Failed to fetch'))
        return settle()
      },
    })
  })
}

class FakeRequest {
  status = 0
  responseText = ''
  responseURL = ''
  type: string | null = JSON_TYPE
  getResponseHeader(): string | null {
    return this.type
  }
  private sent: SentSync | null = null
  open(method: string, url: string, isAsync: boolean): void {
    this.sent = { method, url, isAsync, headers: {}, body: null }
  }
  setRequestHeader(name: string, value: string): void {
    if (this.sent !== null) this.sent.headers[name] = value
  }
  send(body: unknown): void {
    if (this.sent === null) throw new Error('InvalidStateError')
    const { sent } = this
    sync.push({ ...sent, body })
    const answer = syncAnswers[sync.length - 1] ?? null
    if (answer === null) throw new Error('NetworkError')
    this.status = answer.status
    this.responseText = answer.text
    this.responseURL = answer.url ?? sent.url
  }
}

function renew(): void {
  jest.isolateModules(() => {
    const { DirectPath: Path } = jest.requireActual<typeof Module>('../../../src/page/direct-path')
    path = new Path(
      () => isAllowed,
      () => healths.push(path.health()),
    )
  })
}

beforeEach(() => {
  jest.useFakeTimers({ now: new Date('2026-01-05T09:00:00Z'), doNotFake: ['queueMicrotask'] })
  fetched = []
  sync = []
  syncAnswers = []
  results = []
  isAllowed = true
  healths = []
  Object.assign(window, { fetch: fakeFetch, XMLHttpRequest: FakeRequest, ...READING })
  renew()
})
afterEach(() => {
  throwInHooks(false)
  Reflect.deleteProperty(window, 'mozInnerScreenX')
  Reflect.deleteProperty(window, 'PerformanceObserver')
})

const only = <T>(items: readonly T[]): T => {
  expect(items).toHaveLength(1)
  return items[0] as T
}
const last = (): Sent => fetched.at(-1) as Sent
const put = (how: 'sync' | 'keepalive', enqueue = true): void =>
  path.put(how, OFFLINE, enqueue, (result) => results.push(result))
interface Timed {
  readonly connectMs: number
  readonly roundTripMs: number
  readonly nextHopProtocol?: string
}
/** What the browser reports of each request: how long its connection took, and the rest. Those after the last are like it. */
function reportTiming(first: Timed, ...later: readonly Timed[]): void {
  const timings = [first, ...later]
  class Observer {
    constructor(private readonly heard: (list: object) => void) {}
    observe(): void {
      const {
        connectMs,
        roundTripMs,
        nextHopProtocol = 'http/1.1',
      } = (timings.length > 1 ? timings.shift() : timings[0]) ?? first
      const at = performance.now()
      const request = { connectStart: at, connectEnd: at + connectMs, requestStart: at + connectMs }
      const responseStart = at + connectMs + roundTripMs
      const entry = { initiatorType: 'fetch', startTime: at, ...request, responseStart, nextHopProtocol }
      this.heard({ getEntriesByName: () => [entry] })
    }
    disconnect(): void {
      // Nothing is watched any more.
    }
  }
  Object.assign(window, { PerformanceObserver: Observer })
  renew()
}
/** A Firefox window, and a probe with this round trip. */
async function inGecko(roundTrip: number, status = 200): Promise<void> {
  Object.assign(window, { mozInnerScreenX: 0 })
  path.adopt({ authToken: TOKEN })
  path.probe(true)
  jest.advanceTimersByTime(roundTrip)
  await last().answer({ status, text: SNAPSHOT })
}
const bodyOf = (body: unknown): unknown => JSON.parse(body as string)

describe('the parameters that the page gave to Streams', () => {
  test.each([
    ['no endpoint', undefined],
    ['an empty endpoint', ''],
    ['a path', '/api'],
    ['an address of its own origin', 'http://localhost/api'],
  ])('with %s lead to the page’s own origin', (_what, endpoint) => {
    path.adopt({ authToken: TOKEN, endpoint })
    put('keepalive')
    expect(only(fetched).url).toBe('http://localhost/api')
  })

  test('with an endpoint below the page’s own origin are used as they are', () => {
    path.adopt({ authToken: TOKEN, endpoint: '/connect/api' })
    put('keepalive')
    expect(only(fetched).url).toBe('http://localhost/connect/api')
  })

  test.each([
    ['an address', 'http://localhost/connect/api'],
    ['a path', '/connect/api'],
    ['an address without its scheme', '//localhost/connect/api'],
    ['host and path', 'localhost/connect/api'],
    ['host, port and path', 'localhost:80/connect/api'],
    ['an address in capitals', 'HTTP://LOCALHOST/connect/api'],
  ])('may contain the endpoint as %s', (_what, endpoint) => {
    path.adopt({ authToken: TOKEN, endpoint })
    put('keepalive')
    expect(only(fetched).url).toBe('http://localhost/connect/api')
  })

  test.each([
    'https://elsewhere.example/api',
    'elsewhere.example/api',
    'elsewhere.example',
    'api',
    'localhost.elsewhere.example/api',
    'localhost@elsewhere.example/api',
    'localhost:8080/api',
    'http://user@localhost/api',
    'http://[/api',
    'javascript:alert(1)',
    '/\\elsewhere.example/api',
    ' //elsewhere.example/api',
    '//elsewhere.example/api',
    'http://localhost:8080/api',
    'https://localhost/api',
    'http://localhost.elsewhere.example/api',
    'http://localhost@elsewhere.example/api',
    'data:text/plain,x',
    'blob:http://elsewhere.example/x',
  ])('with the endpoint %s are refused, and nothing is ever sent', (endpoint) => {
    path.adopt({ authToken: TOKEN, endpoint })
    expect(path.plan()).toBeNull()
    path.probe(true)
    put('keepalive')
    put('sync')
    expect(fetched).toEqual([])
    expect(sync).toEqual([])
  })

  test.each([undefined, null, 7, {}, ''])('with %p for a token give no path', (authToken) => {
    path.adopt({ authToken })
    expect(path.plan()).toBeNull()
  })

  test.each([
    ['ms', Date.parse('2026-01-05T10:00:00Z')],
    ['a Date', new Date('2026-01-05T10:00:00Z')],
    ['ISO text', '2026-01-05T10:00:00Z'],
  ])('give a path until the token expires, whose time is %s', (_what, authTokenExpiration) => {
    path.adopt({ authToken: TOKEN, authTokenExpiration })
    expect(path.plan()).toBe('keepalive')
    jest.advanceTimersByTime(60 * 60_000)
    expect(path.plan()).toBeNull()
    put('keepalive')
    expect(fetched).toHaveLength(0)
  })

  test.each([undefined, null, '', 'NA', Date.parse('2026-01-05T08:00:00Z')])(
    'with the expiry %p give a path: a wrong clock on this machine does no harm',
    (authTokenExpiration) => {
      path.adopt({ authToken: TOKEN, authTokenExpiration })
      expect(path.plan()).toBe('keepalive')
    },
  )

  test('with a newer token give a path again', () => {
    path.adopt({ authToken: 'old', authTokenExpiration: Date.now() + 1 })
    jest.advanceTimersByTime(1)
    expect(path.plan()).toBeNull()
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    expect(only(fetched).init.headers).toMatchObject({ 'X-Amz-Bearer': TOKEN })
  })
})

test.each([
  ['https://acme.awsapps.com/connect/ccp-v2/', 'https://acme.awsapps.com/connect/api'],
  ['https://acme.my.connect.aws/ccp-v2/', 'https://acme.my.connect.aws/api'],
  ['https://awsapps.com.acme.my.connect.aws/ccp-v2/', 'https://awsapps.com.acme.my.connect.aws/api'],
])('without an endpoint, at %s the API is %s', (page, api) => {
  const world = {
    window: Object.assign(new EventTarget(), {
      CustomEvent,
      JSON,
      setTimeout,
      fetch: fakeFetch,
      XMLHttpRequest: null,
      close: () => undefined,
    }),
    document: new EventTarget(),
    location: new URL(page),
    crypto,
    performance,
    __THROW_IN_HOOKS__: false,
  }
  const { DirectPath: Path } = loadWorld('page/direct-path', world, null) as typeof Module
  path = new Path(
    () => true,
    () => undefined,
  )
  path.adopt({ authToken: TOKEN })
  put('keepalive')
  expect(only(fetched).url).toBe(api)
})

describe('a probe', () => {
  test('asks for the snapshot, and nothing else', () => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    const { url, init } = only(fetched)
    expect(url).toBe('http://localhost/api')
    expect(init.method).toBe('POST')
    expect(init.headers).toEqual({
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'AmazonConnectCTIService.GetAgentSnapshot',
      'X-Amz-Bearer': TOKEN,
    })
    expect(bodyOf(init.body)).toEqual({ authentication: { authToken: TOKEN }, timeout: 30_000 })
    expect(init.redirect).toBe('error')
  })

  test('waits for a token', () => {
    path.probe(true)
    expect(fetched).toEqual([])
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    expect(fetched).toHaveLength(1)
  })

  test('is made at most every 5 minutes, also once the clock was set back', async () => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    await last().answer({ status: 200, text: SNAPSHOT })
    path.probe(true)
    jest.advanceTimersByTime(PROBE_AGAIN_MS - 1)
    path.probe(true)
    expect(fetched).toHaveLength(1)
    jest.advanceTimersByTime(1)
    path.probe(true)
    expect(fetched).toHaveLength(2)
    await last().answer({ status: 200, text: SNAPSHOT })
    jest.setSystemTime(Date.now() - 3_600_000)
    path.probe(true)
    expect(fetched).toHaveLength(3)
  })

  test('is made while none is under way, and given up after ten seconds', async () => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    jest.advanceTimersByTime(9_999)
    expect(last().init.signal?.aborted).toBe(false)
    jest.advanceTimersByTime(1)
    expect(last().init.signal?.aborted).toBe(true)
    jest.advanceTimersByTime(PROBE_AGAIN_MS)
    path.probe(true)
    expect(fetched).toHaveLength(1)
    await last().fail()
    path.probe(true)
    expect(fetched).toHaveLength(2)
  })

  test.each([
    ['that needed a new connection is repeated at once: connections are kept', [120, 0], true],
    ['that needed a new connection is repeated at once: connections are not kept', [120, 120], false],
    ['on an open connection is not repeated', [0], true],
  ])('%s', async (_what, [first = 0, ...later], isKept) => {
    const timedOf = (connectMs: number): Timed => ({ connectMs, roundTripMs: 60 })
    reportTiming(timedOf(first), ...later.map(timedOf))
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    expect(fetched).toHaveLength(1 + later.length)
    for (const { init } of fetched) expect(init).toMatchObject({ method: 'POST', redirect: 'error' })
    const connection = { goesCold: false, isKept, roundTripMs: 60, reused: first === 0 }
    await last().answer({ status: 200, text: SNAPSHOT })
    expect(path.currentTiming()).toMatchObject(connection)
  })

  test('over HTTP/2 is not repeated', () => {
    reportTiming({ connectMs: 120, roundTripMs: 60, nextHopProtocol: 'h2' })
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    expect(fetched).toHaveLength(1)
  })

  test('that comes with an answer to Streams is made only where no recent one says anything', async () => {
    path.adopt({ authToken: TOKEN })
    path.probe(false)
    await last().answer({ status: 200, text: SNAPSHOT })
    jest.advanceTimersByTime(PROBE_FRESH_MS - 1)
    path.probe(false)
    expect(fetched).toHaveLength(1)
    jest.advanceTimersByTime(1)
    path.probe(false)
    expect(fetched).toHaveLength(2)
  })

  test('is looked for at random moments, soon while nothing was measured', () => {
    const waits = Array.from({ length: 100 }, () => path.lookAgainMs())
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(10_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000)
    expect(new Set(waits).size).toBeGreaterThan(50)
  })

  test('that failed is repeated after a minute', async () => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    await last().fail()
    jest.advanceTimersByTime(PROBE_FAILED_AGAIN_MS - 1)
    path.probe(true)
    expect(fetched).toHaveLength(1)
    jest.advanceTimersByTime(1)
    path.probe(true)
    expect(fetched).toHaveLength(2)
  })
})

describe('the health of the path', () => {
  test('is the result of the last probe, reported when the probe ends', async () => {
    expect(path.health()).toEqual({ status: 'no_token', roundTripMs: null, at: null })
    path.adopt({ authToken: TOKEN })
    expect(path.health().status).toBe('untried')
    const at = Date.now()
    path.probe(true)
    jest.advanceTimersByTime(70)
    expect(healths).toEqual([])
    await last().answer({ status: 200, text: SNAPSHOT })
    expect(healths).toEqual([{ status: 'works', roundTripMs: 70, at }])
    jest.advanceTimersByTime(PROBE_AGAIN_MS)
    path.probe(true)
    await last().fail()
    expect(healths.at(-1)).toEqual({ status: 'failed', roundTripMs: null, at: Date.now() })
  })

  test('is failed when something other than Connect answered', async () => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    await last().answer({ status: 200, text: '<html>Please sign in to this network', type: 'text/html' })
    expect(healths).toMatchObject([{ status: 'failed', roundTripMs: null }])
  })

  test.each(['{}', '[]', '{"error":"denied"}', '{"snapshot'])('is failed when the answer is %s', async (text) => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    await last().answer({ status: 200, text })
    expect(healths).toMatchObject([{ status: 'failed' }])
  })

  test('is expired with its token, and recovers with a new one', () => {
    path.adopt({ authToken: TOKEN, authTokenExpiration: Date.now() + 1 })
    jest.advanceTimersByTime(1)
    expect(path.health().status).toBe('expired')
    path.renew({ url: 'http://localhost/api', token: 'newer', expiresAt: Date.now() + 1 })
    expect(path.health().status).toBe('untried')
    put('keepalive')
    expect(only(fetched).init.headers).toMatchObject({ 'X-Amz-Bearer': 'newer' })
  })

  test.each([
    ['five hours fast', -5],
    ['right', 0],
    ['five hours slow', 5],
  ])('is expired by the service’s clock, on a machine whose clock is %s', async (_what, aheadHours) => {
    const serviceNow = Date.now() + aheadHours * 3_600_000
    path.adopt({ authToken: TOKEN, authTokenExpiration: serviceNow + 60_000 })
    expect(path.health().status).toBe('untried')
    path.probe(true)
    await last().answer({
      status: 200,
      text: JSON.stringify({ snapshot: { snapshotTimestamp: serviceNow / 1_000 }, nextToken: '1' }),
    })
    jest.advanceTimersByTime(59_000)
    expect(path.health().status).toBe('works')
    jest.advanceTimersByTime(1_000)
    expect(path.health().status).toBe('expired')
    path.renew({ url: 'http://localhost/api', token: 'newer', expiresAt: serviceNow + 120_000 })
    expect([path.health().status, path.token.expiresAt() - Date.now()]).toEqual(['works', 60_000])
  })

  test('asks once whether a token is over that seems to be, by a clock that nobody has compared', async () => {
    const serviceNow = Date.now() - 11 * 3_600_000
    path.adopt({ authToken: TOKEN, authTokenExpiration: serviceNow + 12 * 3_600_000 })
    jest.advanceTimersByTime(2 * 3_600_000)
    expect([path.health().status, path.usable()]).toEqual(['expired', null])
    path.probe(true)
    const snapshotTimestamp = serviceNow / 1_000 + 2 * 3_600
    await last().answer({ status: 200, text: JSON.stringify({ snapshot: { snapshotTimestamp } }) })
    expect([path.health().status, path.usable()?.token]).toEqual(['works', TOKEN])
    jest.advanceTimersByTime(10 * 3_600_000)
    const asked = fetched.length
    path.probe(true)
    expect([path.health().status, fetched.length]).toEqual(['expired', asked])
  })

  test.each([null, 'yesterday', {}, -1, Number.NaN, 1_767_000_000_000])(
    'keeps its own clock where the service’s is %p',
    async (told) => {
      path.adopt({ authToken: TOKEN, authTokenExpiration: Date.now() + 60_000 })
      path.probe(true)
      await last().answer({ status: 200, text: JSON.stringify({ snapshot: { snapshotTimestamp: told } }) })
      expect(path.token.expiresAt() - Date.now()).toBe(60_000)
    },
  )

  test.each([
    ['zero', () => 0],
    ['in seconds', () => Math.round((Date.now() + 3_600_000) / 1_000)],
    ['of a clock that is hours behind', () => Date.now() - 5 * 3_600_000],
  ])('that was over when they came, with an expiry that is %s, are judged by the instance', async (_what, expiry) => {
    path.adopt({ authToken: TOKEN, authTokenExpiration: expiry() })
    path.probe(true)
    await last().answer({
      status: 200,
      text: JSON.stringify({ snapshot: { snapshotTimestamp: Date.now() / 1_000 }, nextToken: '1' }),
    })
    expect([path.health().status, path.token.expiresAt()]).toEqual(['works', Infinity])
  })

  test('does not recover with a new token once the extension has gone', () => {
    path.adopt({ authToken: TOKEN })
    path.forget()
    path.renew({ url: 'http://localhost/api', token: 'newer', expiresAt: Date.now() + 1 })
    expect(path.health().status).toBe('no_token')
  })

  test('is forbidden by the settings: nothing is planned, probed or sent', () => {
    path.adopt({ authToken: TOKEN })
    isAllowed = false
    expect([path.health().status, path.plan()]).toEqual(['forbidden', null])
    path.probe(true)
    put('keepalive')
    put('sync')
    expect([fetched, sync]).toEqual([[], []])
  })
})

describe('the plan', () => {
  test.each([0, 799, 800])('is sync in Firefox after a probe of %i ms', async (roundTrip) => {
    await inGecko(roundTrip)
    expect(path.plan()).toBe('sync')
  })

  test.each([801, 60_000])('is keepalive in Firefox after a probe of %i ms', async (roundTrip) => {
    await inGecko(roundTrip)
    expect(path.plan()).toBe('keepalive')
  })

  test.each([400, 403, 500])('is keepalive in Firefox after a probe answered with %i', async (status) => {
    await inGecko(10, status)
    expect(path.plan()).toBe('keepalive')
  })

  test.each([
    [1_400, 900, 'sync'],
    [1_401, 900, 'keepalive'],
    [1_400, 901, 'keepalive'],
  ])(
    'in Firefox’s last window is, after a probe of %i ms with %i ms for its connection, %s',
    async (tookMs, connectMs, how) => {
      reportTiming({ connectMs, roundTripMs: tookMs - connectMs })
      await inGecko(tookMs)
      expect(path.plan(true)).toBe(how)
      expect(path.plan(false)).toBe('keepalive')
    },
  )

  test('in Firefox’s last window is keepalive after a slow probe on a connection that is unknown', async () => {
    await inGecko(900)
    expect(path.plan(true)).toBe('keepalive')
  })

  test('is keepalive in Firefox until a probe is answered', async () => {
    Object.assign(window, { mozInnerScreenX: 0 })
    path.adopt({ authToken: TOKEN })
    expect(path.plan()).toBe('keepalive')
    path.probe(true)
    expect(path.plan()).toBe('keepalive')
    await last().fail()
    expect(path.plan()).toBe('keepalive')
  })

  test.each(['fails', 'is refused', 'is slow'])('is keepalive again in Firefox when a later probe %s', async (how) => {
    await inGecko(10)
    jest.advanceTimersByTime(PROBE_AGAIN_MS)
    path.probe(true)
    if (how === 'is slow') jest.advanceTimersByTime(900)
    if (how === 'fails') await last().fail()
    else await last().answer({ status: how === 'is refused' ? 403 : 200 })
    expect(path.plan()).toBe('keepalive')
  })

  test.each([
    ['keepalive', [900, 10]],
    ['sync', [900, 10, 10]],
    ['sync', [10, 800]],
    ['keepalive', [10, 10, 900]],
  ])('is %s in Firefox after probes of %p ms: the slower of the last two counts', async (plan, tookMs) => {
    for (const ms of tookMs) {
      await inGecko(ms)
      jest.advanceTimersByTime(PROBE_AGAIN_MS)
    }
    expect(path.plan()).toBe(plan)
  })

  test('is sync in Firefox after an answer that follows a failure, whose duration is unknown', async () => {
    await inGecko(10, 500)
    jest.advanceTimersByTime(PROBE_FAILED_AGAIN_MS)
    await inGecko(10)
    expect(path.plan()).toBe('sync')
  })

  test('is keepalive in Firefox while the first probe after a long pause is unanswered', async () => {
    await inGecko(10)
    jest.advanceTimersByTime(3_600_000)
    path.probe(true)
    expect(path.plan()).toBe('keepalive')
    await last().answer({ status: 200, text: SNAPSHOT })
    expect(path.plan()).toBe('sync')
  })

  test('is keepalive in other browsers, however fast the probe was', async () => {
    path.adopt({ authToken: TOKEN })
    path.probe(true)
    await last().answer({ status: 200, text: SNAPSHOT })
    expect(path.plan()).toBe('keepalive')
  })

  test('is null once the token has expired, however fast the probe was', async () => {
    await inGecko(10)
    path.adopt({ authToken: TOKEN, authTokenExpiration: Date.now() + 1_000 })
    expect(path.plan()).toBe('sync')
    jest.advanceTimersByTime(1_000)
    expect(path.plan()).toBeNull()
  })
})

describe('a keepalive request', () => {
  test('matches the request of Streams, and outlives the page', () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    const { url, init } = only(fetched)
    expect(url).toBe('http://localhost/api')
    const { body, ...others } = init
    expect(others).toEqual({
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'AmazonConnectCTIService.PutAgentState',
        'X-Amz-Bearer': TOKEN,
      },
      keepalive: true,
      redirect: 'error',
    })
    expect(bodyOf(body)).toEqual({
      authentication: { authToken: TOKEN },
      state: { agentStateARN: OFFLINE.arn, type: 'offline', name: OFFLINE.name },
      enqueueNextState: true,
    })
  })

  test('omits enqueueNextState when it is not wanted', () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive', false)
    expect(bodyOf(only(fetched).init.body)).not.toHaveProperty('enqueueNextState')
  })

  test('carries the token only in its header and its body', () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    const { url, init } = only(fetched)
    const { 'X-Amz-Bearer': bearer, ...headers } = init.headers as Record<string, string>
    const { authentication, ...body } = bodyOf(init.body) as Record<string, unknown>
    expect([bearer, authentication]).toEqual([TOKEN, { authToken: TOKEN }])
    expect(JSON.stringify([url, headers, body, document.cookie, Object.entries(localStorage)])).not.toContain(TOKEN)
  })

  test('delivers its answer while the page lives', async () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    expect(results).toEqual([])
    await last().answer({ status: 200 })
    expect(results).toEqual([{ ok: true }])
  })

  test.each([
    [400, '{"__type":"com.amazon#InvalidStateException","message":"No"}', 'InvalidStateException', 'No'],
    [403, '{"__type":"AccessDeniedException"}', 'AccessDeniedException', ''],
    [500, '<html>', 'HTTP 500', 'HTTP 500, broken JSON'],
    [500, 'null', 'HTTP 500', 'HTTP 500, not an object'],
    [429, '', 'HTTP 429', 'HTTP 429, broken JSON'],
    [204, '', 'HTTP 204', 'HTTP 204, broken JSON'],
    [302, '', 'HTTP 302', 'HTTP 302, broken JSON'],
    [200, '[]', 'HTTP 200', 'HTTP 200, not an object'],
    [200, '{"error":"denied"}', 'HTTP 200', 'not the answer to a PutAgentState'],
    [200, '{"message":"Forbidden"}', 'HTTP 200', 'not the answer to a PutAgentState'],
    [403, '{"message":"Forbidden"}', 'HTTP 403', "HTTP 403, not Amazon Connect's own"],
  ])('that is answered with %i %s has failed', async (status, text, type, message) => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    await last().answer({ status, text })
    expect(results).toEqual([{ ok: false, error: { type, message } }])
    expect(fetched).toHaveLength(1)
  })

  test.each(['text/html', null, 'text/plain'])('that is answered 200 by a proxy (%s) has failed', async (type) => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    await last().answer({ status: 200, type })
    expect(results).toMatchObject([{ ok: false, error: { type: 'HTTP 200' } }])
  })

  test('without an answer reports nothing: its outcome is unknown', async () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    jest.advanceTimersByTime(100)
    await last().fail()
    expect(results).toEqual([])
    expect(fetched).toHaveLength(1)
  })

  test('that the browser does not send is reported, and sent again without keepalive', async () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    await last().fail()
    expect(results).toMatchObject([{ ok: false, error: { type: 'RequestNotSent' } }])
    expect(fetched).toHaveLength(2)
    expect(last().init.keepalive).toBeUndefined()
    expect(last().init.body).toBe(fetched[0]?.init.body)
    await last().answer({ status: 200 })
    expect(results.at(-1)).toEqual({ ok: true })
  })

  test('that fails while offline does not blame the browser', async () => {
    jest.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    await last().fail()
    jest.restoreAllMocks()
    expect(results).toEqual([])
    expect(fetched).toHaveLength(1)
  })

  test('with a refused enqueueNextState is sent again without it, once', async () => {
    const refusal = { status: 400, text: '{"__type":"UnexpectedParameterException","message":"enqueueNextState"}' }
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    await last().answer(refusal)
    expect(fetched).toHaveLength(2)
    expect(bodyOf(last().init.body)).not.toHaveProperty('enqueueNextState')
    await last().answer(refusal)
    expect(fetched).toHaveLength(2)
    expect(results).toMatchObject([{ ok: false, error: { type: 'UnexpectedParameterException' } }])
  })

  test('has succeeded if its second try succeeds', async () => {
    path.adopt({ authToken: TOKEN })
    put('keepalive')
    await last().answer({ status: 400, text: '{"__type":"UnexpectedParameter"}' })
    await last().answer({ status: 200 })
    expect(results).toEqual([{ ok: true }])
  })

  test('survives a callback that throws', async () => {
    path.adopt({ authToken: TOKEN })
    const onResult = jest.fn(() => {
      throw new Error('ours')
    })
    path.put('keepalive', OFFLINE, true, onResult)
    await last().answer({ status: 200 })
    expect(onResult).toHaveBeenCalledTimes(1)
  })
})

describe('a synchronous request', () => {
  beforeEach(() => path.adopt({ authToken: TOKEN }))

  test('matches the request of Streams, and is answered within the call', () => {
    syncAnswers = [{ status: 200, text: '{}' }]
    put('sync')
    expect(results).toEqual([{ ok: true }])
    const { body, ...sent } = only(sync)
    expect(sent).toEqual({
      method: 'POST',
      url: 'http://localhost/api',
      isAsync: false,
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'AmazonConnectCTIService.PutAgentState',
        'X-Amz-Bearer': TOKEN,
      },
    })
    expect(bodyOf(body)).toEqual({
      authentication: { authToken: TOKEN },
      state: { agentStateARN: OFFLINE.arn, type: 'offline', name: OFFLINE.name },
      enqueueNextState: true,
    })
    expect(fetched).toEqual([])
  })

  test.each([
    [400, '{"__type":"InvalidStateException","message":"No"}', 'InvalidStateException'],
    [500, '<html>', 'HTTP 500'],
    [0, '', 'HTTP 0'],
  ])('that is answered with %i has failed', (status, text, type) => {
    syncAnswers = [{ status, text }]
    put('sync')
    expect(results).toMatchObject([{ ok: false, error: { type } }])
  })

  test('that was redirected to another page does not count as accepted', () => {
    syncAnswers = [{ status: 200, text: '<html>Sign in', url: 'http://localhost/login' }]
    put('sync')
    expect(results.filter(({ ok }) => ok)).toEqual([])
  })

  test('that is cut off reports nothing: its outcome is unknown', () => {
    syncAnswers = [null]
    expect(() => put('sync')).not.toThrow()
    expect(results).toEqual([])
  })

  test('with a refused enqueueNextState is sent again without it, once, within the call', () => {
    const refusal = { status: 400, text: '{"__type":"UnexpectedParameter"}' }
    syncAnswers = [refusal, { status: 200, text: '{}' }]
    put('sync')
    expect(sync.map(({ body }) => 'enqueueNextState' in (bodyOf(body) as object))).toEqual([true, false])
    expect(results).toEqual([{ ok: true }])
  })

  test('that is refused twice has failed', () => {
    const refusal = { status: 400, text: '{"__type":"UnexpectedParameter"}' }
    syncAnswers = [refusal, refusal]
    put('sync')
    expect(sync).toHaveLength(2)
    expect(results).toMatchObject([{ ok: false, error: { type: 'UnexpectedParameter' } }])
  })
})

test('later replacements of fetch and XMLHttpRequest by the page have no effect', () => {
  const theirs = jest.fn()
  Object.assign(window, { fetch: theirs, XMLHttpRequest: theirs })
  path.adopt({ authToken: TOKEN })
  syncAnswers = [{ status: 200, text: '{}' }]
  put('keepalive')
  put('sync')
  expect([fetched.length, sync.length]).toEqual([1, 1])
  expect(theirs).not.toHaveBeenCalled()
})

test('in the throwing build no probe and no answer is processed, and nothing is thrown', async () => {
  throwInHooks(true)
  await inGecko(10)
  put('keepalive')
  await last().answer({ status: 200 })
  expect(path.plan()).toBe('keepalive')
})
