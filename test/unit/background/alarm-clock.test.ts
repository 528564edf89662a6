import { AlarmClock } from '../../../src/background/alarm-clock'
import { T0 } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

const ring = jest.fn(() => Promise.resolve())
let clock: AlarmClock
beforeEach(() => {
  jest.useFakeTimers({ now: T0 })
  ring.mockReset()
  renewBrowser()
  clock = new AlarmClock(ring)
  clock.listen()
})
afterEach(() => {
  jest.useRealTimers()
})

test('rings at its time while the worker lives', async () => {
  await clock.set(T0 + 2_000)
  jest.advanceTimersByTime(1_999)
  expect(ring).not.toHaveBeenCalled()
  jest.advanceTimersByTime(1)
  expect(ring).toHaveBeenCalledTimes(1)
})

test('rings at once, but for a breath, where its time is past', async () => {
  await clock.set(T0 - 5_000)
  jest.advanceTimersByTime(50)
  expect(ring).toHaveBeenCalledTimes(1)
})

test('sets an alarm behind the timer, not sooner than browsers allow', async () => {
  await clock.set(T0 + 2_000)
  expect([...fake.alarms.values()]).toEqual([T0 + 30_000])
  await clock.set(T0 + 45_000)
  expect([...fake.alarms.values()]).toEqual([T0 + 45_000])
})

test('the last time that was set is the one that counts', async () => {
  await clock.set(T0 + 2_000)
  await clock.set(T0 + 9_000)
  jest.advanceTimersByTime(8_999)
  expect(ring).not.toHaveBeenCalled()
})

test('never means neither timer nor alarm', async () => {
  await clock.set(T0 + 2_000)
  await clock.set(null)
  jest.advanceTimersByTime(60_000)
  expect(ring).not.toHaveBeenCalled()
  expect(fake.alarms.size).toBe(0)
})

test('rings for its own alarm, and for no other', () => {
  world.onAlarm.emit({ name: 'another', scheduledTime: 0 })
  expect(ring).not.toHaveBeenCalled()
  world.onAlarm.emit({ name: 'settle', scheduledTime: 0 })
  expect(ring).toHaveBeenCalledTimes(1)
})
