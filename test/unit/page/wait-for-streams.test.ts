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

// `natives` took the timers of the page before they could be faked, as it is meant to: it is loaded anew here.
const wait = (): void => {
  jest.isolateModules(() => {
    const { waitForStreams: fresh } = jest.requireActual<{ waitForStreams: typeof waitForStreams }>(
      '../../../src/page/wait-for-streams',
    )
    fresh(onReady, () => wanted.now)
  })
}

test('a Streams that is there already is taken at once', () => {
  page.connect = STREAMS
  wait()
  expect(onReady).toHaveBeenCalledWith(STREAMS)
})

test('a Streams that comes later is found, once', () => {
  wait()
  jest.advanceTimersByTime(5_000)
  expect(onReady).not.toHaveBeenCalled()
  page.connect = STREAMS
  jest.advanceTimersByTime(60_000)
  expect(onReady).toHaveBeenCalledTimes(1)
})

test('a Streams whose event bus is not there yet is waited for', () => {
  page.connect = { ...STREAMS, core: { getEventBus: () => null } }
  wait()
  jest.advanceTimersByTime(1_000)
  page.connect = STREAMS
  jest.advanceTimersByTime(200)
  expect(onReady).toHaveBeenCalledTimes(1)
})

test('a page whose getters throw is looked at again', () => {
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

test('a page that takes long is looked at less often, and a bridge that came off no more', () => {
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
