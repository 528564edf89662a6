import { KeepAwake } from '../../../src/background/keep-awake'
import { T0 } from '../domain/build'
import { fake, renewBrowser, world } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))

const CALM = { onSleep: 'nothing', onLock: 'nothing', onIdle: 'nothing' } as const
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

/** How many calls to the browser ten minutes bring. */
async function callsInTenMinutes(): Promise<number> {
  world.callsLeft = 1_000
  await jest.advanceTimersByTimeAsync(10 * MINUTE)
  return 1_000 - world.callsLeft
}

test('calls the browser more often than it stops a background without work, while that is wanted', async () => {
  await awake.follow(true, CALM)
  expect(await callsInTenMinutes()).toBeGreaterThanOrEqual(29)
  await awake.follow(false, CALM)
  expect(await callsInTenMinutes()).toBe(0)
})

test('an alarm behind it comes four times an hour, and is not set again by each change', async () => {
  const create = jest.spyOn(fake.alarms, 'set')
  await awake.follow(true, CALM)
  await awake.follow(true, CALM)
  expect([...fake.alarms]).toEqual([['watch', T0 + 15 * MINUTE]])
  // Another worker finds it.
  await new KeepAwake({ onAlarm, onWake }).follow(true, CALM)
  expect(create).toHaveBeenCalledTimes(1)
  await awake.follow(false, CALM)
  expect(fake.alarms.size).toBe(0)
})

test('an alarm that another worker has set goes where nobody is to be watched any more', async () => {
  await awake.follow(true, CALM)
  await new KeepAwake({ onAlarm, onWake }).follow(false, CALM)
  expect(fake.alarms.size).toBe(0)
})

test.each(['onSleep', 'onLock', 'onIdle'] as const)(
  'where %s asks for something it comes each minute',
  async (setting) => {
    await awake.follow(true, CALM)
    await awake.follow(true, { ...CALM, [setting]: 'offline' })
    expect([...fake.alarms]).toEqual([['watch', T0 + MINUTE]])
  },
)

test('has the documents looked for at its own alarm, and at no other', () => {
  world.onAlarm.emit({ name: 'settle', scheduledTime: T0 })
  expect(onAlarm).not.toHaveBeenCalled()
  world.onAlarm.emit({ name: 'watch', scheduledTime: T0 })
  expect(onAlarm).toHaveBeenCalledTimes(1)
  expect(onWake).toHaveBeenCalledWith(T0, null)
})

test('tells how far the clocks have gone, so that a sleep is noticed', async () => {
  await awake.follow(true, CALM)
  jest.setSystemTime(T0 + 30 * MINUTE)
  await jest.advanceTimersByTimeAsync(20_000)
  expect(onWake).toHaveBeenCalledWith(T0 + 20_000, { wall: 30 * MINUTE + 20_000, monotonic: 20_000 })
})

test('an alarm that is overdue tells of a sleep that ended the worker', async () => {
  await awake.follow(true, CALM)
  jest.setSystemTime(T0 + 60 * MINUTE)
  await new KeepAwake({ onAlarm, onWake }).follow(true, CALM)
  expect(onWake).toHaveBeenCalledWith(T0 + 15 * MINUTE, null)
})
