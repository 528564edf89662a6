/** @jest-environment jsdom */
import './hooks'
import type { waitForStreams } from '../../../src/page/wait-for-streams'

const page = window as { connect?: unknown }
const STREAMS = { agent: () => undefined, core: { getEventBus: () => ({}) } }
const onReady = jest.fn()
const wanted = { now: true }
beforeEach(() => {
  jest.useFakeTimers()
  onReady.mockReset()
  wanted.now = true
  Reflect.deleteProperty(page, 'connect')
})
afterEach(() => {
  jest.clearAllTimers()
})

// `natives` takes the page's timers on load, before the tests fake them; so it is loaded again for each test.
const wait = (): void => {
  jest.isolateModules(() => {
    const { waitForStreams: fresh } = jest.requireActual<{ waitForStreams: typeof waitForStreams }>(
      '../../../src/page/wait-for-streams',
    )
    fresh(onReady, () => wanted.now)
  })
}

test('a Streams that is already there is used at once', () => {
  page.connect = STREAMS
  wait()
  expect(onReady).toHaveBeenCalledWith(STREAMS)
})

test('a Streams that arrives later is found, once', () => {
  wait()
  jest.advanceTimersByTime(5_000)
  expect(onReady).not.toHaveBeenCalled()
  page.connect = STREAMS
  jest.advanceTimersByTime(60_000)
  expect(onReady).toHaveBeenCalledTimes(1)
})

test('a Streams without an event bus is awaited', () => {
  page.connect = { ...STREAMS, core: { getEventBus: () => null } }
  wait()
  jest.advanceTimersByTime(1_000)
  page.connect = STREAMS
  jest.advanceTimersByTime(200)
  expect(onReady).toHaveBeenCalledTimes(1)
})

test('a page whose getters throw is checked again', () => {
  let isHostile = true
  Object.defineProperty(page, 'connect', {
    configurable: true,
    get: () => {
      if (isHostile) throw new Error('no')
      return STREAMS
    },
  })
  wait()
  isHostile = false
  jest.advanceTimersByTime(200)
  expect(onReady).toHaveBeenCalledTimes(1)
})

test('a slow page is checked less and less often, and not at all after the bridge is detached', () => {
  wait()
  jest.advanceTimersByTime(60_000)
  page.connect = STREAMS
  jest.advanceTimersByTime(1_000)
  expect(onReady).toHaveBeenCalledTimes(1)
  onReady.mockReset()
  Reflect.deleteProperty(page, 'connect')
  wait()
  wanted.now = false
  jest.advanceTimersByTime(1_000)
  expect(jest.getTimerCount()).toBe(0)
})
