/** @jest-environment jsdom */
import type * as Module from '../../../src/page/connection'
import { throwInHooks } from './hooks'

const API = 'http://localhost/api'
const FILE = 'http://localhost/ccp-assets/ccp.js'
/** Longer than a connection is trusted after its last answer. */
const LATER_MS = 5_000

interface Sent {
  readonly url: string
  readonly init: RequestInit
  readonly answer: () => void
  readonly fail: () => void
}
type Entry = Pick<
  PerformanceResourceTiming,
  'initiatorType' | 'startTime' | 'requestStart' | 'responseStart' | 'connectStart' | 'connectEnd' | 'nextHopProtocol'
>

let sent: Sent[]
let observers: Set<FakeObserver>
let connection: Module.Connection
let loaded: typeof Module

class FakeObserver {
  constructor(private readonly heard: (list: object) => void) {}
  observe(): void {
    observers.add(this)
  }
  disconnect(): void {
    observers.delete(this)
  }
  hear(url: string, entry: Entry): void {
    this.heard({ getEntriesByName: (name: string) => (name === url ? [entry] : []) })
  }
}

beforeEach(() => {
  throwInHooks(false)
  jest.useFakeTimers({ now: new Date('2026-01-05T09:00:00Z'), doNotFake: ['queueMicrotask'] })
  sent = []
  observers = new Set()
  const fakeFetch = (url: string, init: RequestInit): Promise<object> =>
    new Promise((resolve, reject) => {
      sent.push({ url, init, answer: () => resolve({}), fail: () => reject(new TypeError('Failed to fetch')) })
    })
  Object.assign(window, { fetch: fakeFetch, PerformanceObserver: FakeObserver })
  Object.assign(performance, { getEntriesByType: () => [{ name: FILE, initiatorType: 'script' }] })
  jest.isolateModules(() => {
    loaded = jest.requireActual<typeof Module>('../../../src/page/connection')
  })
  connection = new loaded.Connection()
})

/** The browser reports a request: on an open connection, or on a new one that took 120 ms. */
function report(url: string, { isNew = false, protocol = 'http/1.1' } = {}): void {
  const startTime = performance.now()
  const [connectStart, connectEnd] = isNew ? [startTime, startTime + 120] : [startTime, startTime]
  const requestStart = connectEnd
  const entry: Entry = {
    initiatorType: 'fetch',
    startTime,
    requestStart,
    responseStart: requestStart + 60,
    connectStart,
    connectEnd,
    nextHopProtocol: protocol,
  }
  for (const observer of [...observers]) observer.hear(url, entry)
}
function measure(how: { isNew?: boolean; protocol?: string; isFirst?: boolean } = {}): void {
  connection.measureNext(API, 20_000, how.isFirst ?? false)
  report(API, how)
}
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}

describe('a connection that was found closed when idle', () => {
  beforeEach(() => {
    measure({ isFirst: true })
    measure({ isNew: true })
  })

  test('is opened by a request for a static file, once it may be closed again', async () => {
    connection.warmUp()
    expect(sent).toEqual([])
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(sent).toMatchObject([
      { url: FILE, init: { method: 'HEAD', credentials: 'same-origin', cache: 'no-store', redirect: 'error' } },
    ])
    expect(loaded.Connection.isCold(connection.timing())).toBe(true)
    report(FILE, { isNew: true })
    sent[0]?.answer()
    await settle()
    expect(connection.timing()).toEqual(expect.not.objectContaining({ openingSince: expect.anything() as unknown }))
    expect(loaded.Connection.isCold(connection.timing())).toBe(false)
    connection.warmUp()
    expect(sent).toHaveLength(1)
  })

  test.each(['answer', 'fail'] as const)(
    'says since when it is being opened, until the request has its end: %s',
    async (end) => {
      jest.advanceTimersByTime(LATER_MS)
      connection.warmUp()
      jest.advanceTimersByTime(50)
      expect(connection.timing()?.openingSince).toBe(Date.now() - 50)
      sent[0]?.[end]()
      await settle()
      expect(connection.timing()?.openingSince).toBeUndefined()
      expect(observers.size).toBe(end === 'fail' ? 0 : 1)
    },
  )

  test('is opened at most 30 times an hour', async () => {
    for (let nth = 0; nth < 40; nth += 1) {
      jest.advanceTimersByTime(LATER_MS)
      connection.warmUp()
      sent.at(-1)?.fail()
      await settle()
    }
    expect(sent).toHaveLength(30)
    jest.advanceTimersByTime(60 * 60_000)
    connection.warmUp()
    expect(sent).toHaveLength(31)
  })

  test('is not opened where the page has loaded no static file', () => {
    Object.assign(performance, { getEntriesByType: () => [{ name: FILE, initiatorType: 'fetch' }] })
    jest.isolateModules(() => {
      loaded = jest.requireActual<typeof Module>('../../../src/page/connection')
    })
    connection = new loaded.Connection()
    measure({ isNew: true })
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(sent).toEqual([])
  })

  test('stays one that goes cold, however often it is found open', () => {
    for (let nth = 0; nth < 5; nth += 1) measure()
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(sent).toHaveLength(1)
  })
})

describe('whether a connection goes cold', () => {
  test('is undecided until it was found open three times, besides the first request', () => {
    expect(connection.isUndecided()).toBe(false)
    measure({ isFirst: true })
    for (let nth = 0; nth < 3; nth += 1) {
      expect(connection.isUndecided()).toBe(true)
      measure()
    }
    expect(connection.isUndecided()).toBe(false)
    jest.advanceTimersByTime(5 * 60_000)
    expect(loaded.Connection.isCold(connection.timing())).toBe(false)
  })

  test('is undecided after a first request that opened its own', () => {
    measure({ isFirst: true, isNew: true })
    expect(connection.isUndecided()).toBe(true)
  })

  test.each([
    ['it was found closed', { isNew: true }],
    ['it carries other requests as well', { protocol: 'h2' }],
  ])('is decided where %s', (_why, how) => {
    measure(how)
    expect(connection.isUndecided()).toBe(false)
  })

  test('is not asked where the network gave no answer', () => {
    measure()
    connection.forgetTiming()
    expect(connection.isUndecided()).toBe(false)
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(sent).toEqual([])
  })
})
