import { PolicyWait } from '../../../src/background/policy-wait'
import { endPolicyWait, isPolicyChange, readPolicy } from '../../../src/storage/policy-store'
import { isSettingsChange } from '../../../src/storage/settings-store'
import { fake, renewBrowser } from '../background/browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('../background/browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('../background/browser'))

const T0 = 1_700_000_000_000
beforeEach(() => renewBrowser())

test('without a policy there is neither a policy nor a copy', async () => {
  expect(await readPolicy(T0)).toEqual({ state: 'none', isAdminInstall: false, values: {} })
  expect(fake.own.items.size).toBe(0)
})

test('Firefox rejects if there is no policy', async () => {
  fake.managed.refusal = 'Managed storage manifest not found'
  expect(await readPolicy(T0)).toMatchObject({ state: 'none', values: {} })
})

test('values count without an installation by policy, but are not copied', async () => {
  fake.managed.set({ mode: 'off' })
  expect(await readPolicy(T0)).toEqual({ state: 'delivered', isAdminInstall: false, values: { mode: 'off' } })
  expect(fake.own.items.has('policy')).toBe(false)
})

describe('installed by policy, in Chromium', () => {
  beforeEach(() => void (fake.installType = 'admin'))

  test('a full store takes no copy, but the policy still applies', async () => {
    fake.managed.set({ mode: 'off' })
    fake.own.broken = 'QuotaExceededError'
    expect(await readPolicy(T0)).toMatchObject({ state: 'delivered', values: { mode: 'off' } })
  })

  test('the first values are awaited for at most thirty seconds', async () => {
    expect((await readPolicy(T0)).state).toBe('waiting')
    expect((await readPolicy(T0 + 29_999)).state).toBe('waiting')
    expect(await readPolicy(T0 + 30_000)).toEqual({ state: 'none', isAdminInstall: true, values: {} })
  })

  test('late values apply at once', async () => {
    await readPolicy(T0)
    fake.managed.set({ mode: 'off' })
    expect(await readPolicy(T0 + 1_000)).toMatchObject({ state: 'delivered', values: { mode: 'off' } })
  })

  test('an empty policy that was accepted once is not awaited again', async () => {
    await readPolicy(T0)
    await readPolicy(T0 + 30_000)
    fake.session.items.clear()
    expect((await readPolicy(T0 + 86_400_000)).state).toBe('none')
  })

  test('after a browser start, the last policy applies for at most thirty seconds until one is delivered', async () => {
    fake.managed.set({ mode: 'off' })
    await readPolicy(T0)
    fake.managed.items.clear()
    expect(await readPolicy(T0 + 1_000)).toMatchObject({ state: 'kept', values: { mode: 'off' } })
    expect(await readPolicy(T0 + 31_000)).toMatchObject({ state: 'none', values: {} })
    expect(fake.own.items.get('policy')).toEqual({})
  })

  test('withdrawn values are not awaited: the browser has said so', async () => {
    fake.managed.set({ mode: 'off' })
    await readPolicy(T0)
    fake.managed.remove('mode')
    await endPolicyWait()
    expect(await readPolicy(T0 + 1)).toMatchObject({ state: 'none', values: {} })
  })

  test('the end of the wait is a change of the settings, and is announced', async () => {
    jest.useFakeTimers({ now: T0, doNotFake: ['nextTick', 'queueMicrotask'] })
    try {
      await new PolicyWait().begin()
      expect(fake.own.items.has('policy')).toBe(false)
      // For a worker that is stopped before; the next one checks again.
      expect(fake.alarms.get('policy')).toBe(T0 + 30_000)
      await jest.advanceTimersByTimeAsync(30_000)
      expect(fake.own.items.get('policy')).toEqual({})
      expect(fake.alarms.size).toBe(0)
      expect(isPolicyChange(['policy']) && isSettingsChange({ 'stored:policy': {} }, 'session')).toBe(true)
    } finally {
      jest.useRealTimers()
    }
  })
})

test('a withdrawn policy leaves nothing behind if the extension stays', async () => {
  fake.installType = 'admin'
  fake.managed.set({ mode: 'off' })
  await readPolicy(T0)
  expect(fake.own.items.get('policy')).toEqual({ mode: 'off' })
  fake.installType = 'normal'
  fake.managed.items.clear()
  expect(await readPolicy(T0)).toEqual({ state: 'none', isAdminInstall: false, values: {} })
  expect(fake.own.items.has('policy')).toBe(false)
})

test('Firefox has its values from the first moment, without a wait', async () => {
  fake.installType = 'admin'
  fake.base = 'moz-extension://some-id/'
  expect((await readPolicy(T0)).state).toBe('none')
})
