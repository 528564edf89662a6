import { AlarmClock } from '../../../src/background/alarm-clock'
import { T0 } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const ring = jest.fn(() => Promise.resolve())
const wake = jest.fn()
let clock: AlarmClock
beforeEach(() => {
  jest.useFakeTimers({ now: T0 })
  ring.mockReset()
  wake.mockReset()
  renewBrowser()
  clock = new AlarmClock(ring, 'settle', wake)
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

test('rings almost at once if its time is past', async () => {
  await clock.set(T0 - 5_000)
  jest.advanceTimersByTime(50)
  expect(ring).toHaveBeenCalledTimes(1)
})

test('sets an alarm as a backup for the timer, no sooner than browsers allow', async () => {
  await clock.set(T0 + 2_000)
  expect([...fake.alarms.values()]).toEqual([T0 + 30_000])
  await clock.set(T0 + 45_000)
  expect([...fake.alarms.values()]).toEqual([T0 + 45_000])
})

test('the last time set counts', async () => {
  await clock.set(T0 + 2_000)
  await clock.set(T0 + 9_000)
  jest.advanceTimersByTime(8_999)
  expect(ring).not.toHaveBeenCalled()
})

test('null means neither a timer nor an alarm', async () => {
  await clock.set(T0 + 2_000)
  await clock.set(null)
  jest.advanceTimersByTime(60_000)
  expect(ring).not.toHaveBeenCalled()
  expect(fake.alarms.size).toBe(0)
})

test('rings for its own alarm only', () => {
  world.onAlarm.emit({ name: 'another', scheduledTime: 0 })
  expect(ring).not.toHaveBeenCalled()
  world.onAlarm.emit({ name: 'settle', scheduledTime: 0 })
  expect(ring).toHaveBeenCalledTimes(1)
})

test('a late wake-up is reported even if another time is set before it comes', async () => {
  await clock.set(T0 + 2_000)
  // The machine has slept; its pages report before the timer fires.
  jest.setSystemTime(T0 + 102_000)
  await clock.set(T0 + 110_000)
  expect(wake).toHaveBeenCalledTimes(1)
  expect(wake).toHaveBeenCalledWith(T0 + 2_000, { wall: 102_000, monotonic: expect.any(Number) as number })
  await clock.set(T0 + 120_000)
  expect(wake).toHaveBeenCalledTimes(1)
})

test('a late wake-up requested by an earlier worker is reported, even if this worker first sets another time', async () => {
  // The machine has slept, the browser has ended the worker, and a page's event arrives before the alarm.
  fake.alarms.set('settle', T0 - 65_000)
  await clock.set(T0 + 9_000)
  expect(wake.mock.calls).toEqual([[T0 - 65_000, null]])
  await clock.set(T0 + 12_000)
  expect(wake).toHaveBeenCalledTimes(1)
  expect([...fake.alarms.values()]).toEqual([T0 + 30_000])
})

test.each([
  ['no time', null],
  ['another time', T0 + 9_000],
])('an earlier worker’s alarm that is not due is not a wake-up when %s is set', async (_what, at) => {
  fake.alarms.set('settle', T0 + 1_000)
  await clock.set(at)
  expect(wake).not.toHaveBeenCalled()
})

test('a time that has not come yet is not a wake-up', async () => {
  await clock.set(T0 + 2_000)
  await clock.set(T0 + 9_000)
  await clock.set(null)
  expect(wake).not.toHaveBeenCalled()
})
