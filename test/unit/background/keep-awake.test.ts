import { KeepAwake } from '../../../src/background/keep-awake'
import { T0 } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

const MINUTE = 60_000
const onAlarm = jest.fn()
const onWake = jest.fn()
let awake: KeepAwake
beforeEach(() => {
  jest.useFakeTimers({ now: T0 })
  onAlarm.mockReset()
  onWake.mockReset()
  renewBrowser()
  awake = new KeepAwake({ onAlarm, onWake })
  awake.listen()
})
afterEach(() => {
  jest.useRealTimers()
})

/** How many calls to the browser are made in ten minutes. */
async function callsInTenMinutes(): Promise<number> {
  world.callsLeft = 1_000
  await jest.advanceTimersByTimeAsync(10 * MINUTE)
  return 1_000 - world.callsLeft
}

test('calls the browser often enough to stay awake, as long as that is wanted', async () => {
  await awake.follow(true)
  expect(await callsInTenMinutes()).toBeGreaterThanOrEqual(29)
  await awake.follow(false)
  expect(await callsInTenMinutes()).toBe(0)
})

test('a backup alarm fires each minute, and is not reset by each change', async () => {
  const create = jest.spyOn(fake.alarms, 'set')
  await awake.follow(true)
  await awake.follow(true)
  expect([...fake.alarms]).toEqual([['watch', T0 + MINUTE]])
  // Another worker finds the existing alarm.
  await new KeepAwake({ onAlarm, onWake }).follow(true)
  expect(create).toHaveBeenCalledTimes(1)
  await awake.follow(false)
  expect(fake.alarms.size).toBe(0)
})

test('an alarm set by another worker is cleared when nobody needs watching any more', async () => {
  await awake.follow(true)
  await new KeepAwake({ onAlarm, onWake }).follow(false)
  expect(fake.alarms.size).toBe(0)
})

test('checks the documents at its own alarm only', () => {
  world.onAlarm.emit({ name: 'settle', scheduledTime: T0 })
  expect(onAlarm).not.toHaveBeenCalled()
  world.onAlarm.emit({ name: 'watch', scheduledTime: T0 })
  expect(onAlarm).toHaveBeenCalledTimes(1)
  expect(onWake).toHaveBeenCalledWith(T0, null)
})

test('reports how far the clocks have advanced, so that a sleep is noticed', async () => {
  await awake.follow(true)
  jest.setSystemTime(T0 + 30 * MINUTE)
  await jest.advanceTimersByTimeAsync(20_000)
  expect(onWake).toHaveBeenCalledWith(T0 + 20_000, { wall: 30 * MINUTE + 20_000, monotonic: 20_000 })
})

test('an overdue alarm shows a sleep that ended the worker', async () => {
  await awake.follow(true)
  jest.setSystemTime(T0 + 60 * MINUTE)
  await new KeepAwake({ onAlarm, onWake }).follow(true)
  expect(onWake).toHaveBeenCalledWith(T0 + MINUTE, null)
})
