import fc from 'fast-check'
import type { Policy } from '../../../src/domain/policy'
import { NO_POLICY, POLICY_SPECS, resolveAll } from '../../../src/domain/policy'
import { DEFAULT_SETTINGS, SETTING_KEYS } from '../../../src/domain/settings'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const policy = (values: Record<string, unknown>, more: Partial<Policy> = {}): Policy => ({
  ...NO_POLICY,
  state: 'delivered',
  values,
  ...more,
})
const admin = { isAdminInstall: true } as const

test('without a policy the user’s settings apply, then the defaults', () => {
  expect(resolveAll({ mode: 'off' }, NO_POLICY)).toEqual({
    settings: { ...DEFAULT_SETTINGS, mode: 'off' },
    problems: [],
    managed: [],
    locked: [],
  })
})

test('policy overrides the user’s settings, key by key', () => {
  const stored = { mode: 'off', notify: false }
  expect(resolveAll(stored, policy({ mode: 'observe', retentionDays: 7 }))).toEqual({
    settings: { ...DEFAULT_SETTINGS, mode: 'observe', notify: false, retentionDays: 7 },
    problems: [],
    managed: ['mode', 'retentionDays'],
    locked: ['mode', 'retentionDays'],
  })
})

describe('installed by policy', () => {
  test('keys that policy leaves open are locked to their defaults: earlier user settings do not count', () => {
    const { settings, locked, managed } = resolveAll({ notify: false }, policy({ mode: 'observe' }, admin))
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe' })
    expect(managed).toEqual(['mode'])
    expect(locked).toEqual(SETTING_KEYS)
  })

  test('the user may change them if policy allows it', () => {
    const values = { mode: 'observe', userSettings: 'allow' }
    const { settings, locked } = resolveAll({ mode: 'off', notify: false }, policy(values, admin))
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe', notify: false })
    expect(locked).toEqual(['mode'])
  })

  test('everything is locked to the defaults if policy is empty', () => {
    const none = { ...NO_POLICY, ...admin }
    expect(resolveAll({ mode: 'off' }, none)).toMatchObject({ settings: DEFAULT_SETTINGS, locked: SETTING_KEYS })
  })

  test('an invalid userSettings unlocks nothing, and is reported', () => {
    const { locked, problems } = resolveAll({}, policy({ userSettings: 'Allow' }, admin))
    expect(locked).toEqual(SETTING_KEYS)
    expect(problems).toEqual([{ source: 'policy', key: 'userSettings', value: 'Allow', allowed: 'lock | allow' }])
  })
})

test('a policy can lock without having installed the extension', () => {
  const { settings, locked } = resolveAll({ mode: 'off' }, policy({ userSettings: 'lock' }))
  expect(settings).toEqual(DEFAULT_SETTINGS)
  expect(locked).toEqual(SETTING_KEYS)
})

test('an invalid value does not affect others, is reported, and locks: mode becomes observe, others their default', () => {
  const { settings, problems, locked } = resolveAll(
    { mode: 'off' },
    policy({ mode: 'ACT', retentionDays: 0, notify: false, colour: 'red' }),
  )
  expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe', notify: false })
  expect(locked).toEqual(['mode', 'notify', 'retentionDays'])
  expect(problems).toEqual([
    { source: 'policy', key: 'mode', value: 'ACT', allowed: 'act | observe | off' },
    { source: 'policy', key: 'retentionDays', value: 0, allowed: '1..3650' },
    { source: 'policy', key: 'colour', value: 'red', allowed: null },
  ])
})

test.each([
  ['mode', 'acts'],
  ['mode', null],
  ['instances', 'acme'],
  ['routingProfiles', [7]],
  ['fromStates', {}],
  ['surfaces', ['v3']],
  ['deskPhone', 'leaves'],
  ['onContact', 'left'],
])('%s as %j, which decides who is in scope, is invalid: mode becomes observe', (key, value) => {
  expect(resolveAll({}, policy({ [key]: value })).settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe' })
  expect(resolveAll({ [key]: value }, NO_POLICY).settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe' })
  if (key !== 'mode') expect(resolveAll({ mode: 'off' }, policy({ [key]: value })).settings.mode).toBe('off')
})

test('an invalid userSettings locks, however the extension was installed', () => {
  expect(resolveAll({ mode: 'off' }, policy({ userSettings: 'Allow' })).locked).toEqual(SETTING_KEYS)
})

test('an invalid user setting is reported as the user’s, if it would apply', () => {
  const stored = { mode: 'ACT', holdMs: -1 }
  expect(resolveAll(stored, policy({ mode: 'off' })).problems).toEqual([
    { source: 'user', key: 'holdMs', value: -1, allowed: '0..5000' },
  ])
})

test.each([
  ['notify', 0, false],
  ['notify', 1, true],
  ['notify', 'false', false],
  ['retentionDays', '30', 30],
])('Firefox’s registry: %s as %j is %j', (key, value, meant) => {
  const { settings, problems } = resolveAll({}, policy({ [key]: value }))
  expect(settings).toEqual({ ...DEFAULT_SETTINGS, [key]: meant })
  expect(problems).toEqual([])
})

test.each([
  ['notify', 2],
  ['notify', 'yes'],
  ['retentionDays', '30 days'],
  ['retentionDays', ''],
])('%s as %j is invalid', (key, value) => {
  expect(resolveAll({}, policy({ [key]: value })).problems).toMatchObject([{ key, value, source: 'policy' }])
})

test('until the first policy has arrived, nobody is set Offline and nothing can be changed', () => {
  const { settings, locked } = resolveAll({ mode: 'act' }, { ...NO_POLICY, ...admin, state: 'waiting' })
  expect(settings.mode).toBe('observe')
  expect(locked).toEqual(SETTING_KEYS)
})

test('for any input, every setting in force is valid, and managed settings are locked', () => {
  const anything = fc.dictionary(fc.constantFrom(...Object.keys(POLICY_SPECS), 'other', 'constructor'), fc.jsonValue())
  fc.assert(
    fc.property(anything, anything, fc.boolean(), (stored, values, isAdminInstall) => {
      const { settings, managed, locked } = resolveAll(stored, policy(values, { isAdminInstall }))
      expect(resolveAll({ ...settings }, NO_POLICY).problems).toEqual([])
      expect(locked).toEqual(expect.arrayContaining([...managed]))
    }),
  )
})
