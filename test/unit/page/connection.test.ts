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
    new Promise((_, reject) => {
      sent.push({ url, init, fail: () => reject(new TypeError('Failed to fetch')) })
    })
  Object.assign(window, { fetch: fakeFetch, PerformanceObserver: FakeObserver })
  Object.assign(performance, { getEntriesByType: () => [{ name: FILE, initiatorType: 'script' }] })
  jest.isolateModules(() => {
    loaded = jest.requireActual<typeof Module>('../../../src/page/connection')
  })
  connection = new loaded.Connection()
})

/** The browser reports a request: on an open connection, or on a new one that took 120 ms. */
function report(url: string, { isNew = false } = {}): void {
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
    nextHopProtocol: 'http/1.1',
  }
  for (const observer of [...observers]) observer.hear(url, entry)
}
function measure(how: { isNew?: boolean } = {}): void {
  // Long enough after the measurement before.
  jest.advanceTimersByTime(20_000)
  connection.measureNext(API, 'timed')
  report(API, how)
}
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
}

describe('a connection that was found closed when idle', () => {
  beforeEach(() => {
    measure()
    measure({ isNew: true })
  })

  test('is opened by a request for a static file, once it may be closed again', () => {
    connection.warmUp()
    expect(sent).toEqual([])
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(sent).toMatchObject([
      { url: FILE, init: { method: 'HEAD', credentials: 'same-origin', cache: 'no-store', redirect: 'error' } },
    ])
    report(FILE, { isNew: true })
    expect(connection.timing).toMatchObject({ at: Date.now(), reused: false })
    connection.warmUp()
    expect(sent).toHaveLength(1)
  })

  test('says since when it is being opened, until it is measured; a key that repeats opens no other', () => {
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    jest.advanceTimersByTime(50)
    connection.warmUp()
    expect(sent).toHaveLength(1)
    expect(connection.timing?.openingSince).toBe(Date.now() - 50)
    report(FILE, { isNew: true })
    expect(connection.timing?.openingSince).toBeUndefined()
  })

  test('is given up after four seconds', () => {
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    jest.advanceTimersByTime(3_999)
    expect(sent[0]?.init.signal?.aborted).toBe(false)
    jest.advanceTimersByTime(1)
    expect(sent[0]?.init.signal?.aborted).toBe(true)
  })

  test('is no longer watched once its request has failed', async () => {
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(observers.size).toBe(1)
    sent[0]?.fail()
    await settle()
    expect(observers.size).toBe(0)
  })

  test('is opened at most 30 times an hour, also after the clock was set back', async () => {
    for (let nth = 0; nth < 40; nth += 1) {
      jest.advanceTimersByTime(LATER_MS)
      connection.warmUp()
      sent.at(-1)?.fail()
      await settle()
    }
    expect(sent).toHaveLength(30)
    jest.setSystemTime(Date.now() - 5 * 60 * 60_000)
    connection.warmUp()
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
    measure()
    measure({ isNew: true })
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    expect(sent).toEqual([])
  })
})

test('a connection of which it is not known if it is closed when idle is opened at most ten times an hour', async () => {
  measure()
  for (let nth = 0; nth < 15; nth += 1) {
    jest.advanceTimersByTime(LATER_MS)
    connection.warmUp()
    sent.at(-1)?.fail()
    await settle()
  }
  expect(sent).toHaveLength(10)
})

test('a connection is not opened where the network gave no answer', () => {
  measure()
  measure({ isNew: true })
  connection.forget()
  expect(connection.timing).toBeNull()
  jest.advanceTimersByTime(LATER_MS)
  connection.warmUp()
  expect(sent).toEqual([])
})
