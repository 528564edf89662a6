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

test('without a policy, the user decides, and after them the defaults', () => {
  expect(resolveAll({ mode: 'off' }, NO_POLICY)).toEqual({
    settings: { ...DEFAULT_SETTINGS, mode: 'off' },
    problems: [],
    managed: [],
    locked: [],
  })
})

test('what policy sets goes before what the user has set, key by key', () => {
  const stored = { mode: 'off', notify: false }
  expect(resolveAll(stored, policy({ mode: 'observe', retentionDays: 7 }))).toEqual({
    settings: { ...DEFAULT_SETTINGS, mode: 'observe', notify: false, retentionDays: 7 },
    problems: [],
    managed: ['mode', 'retentionDays'],
    locked: ['mode', 'retentionDays'],
  })
})

describe('installed by policy', () => {
  test('what policy leaves open is the default, and locked: what the user stored before does not count', () => {
    const { settings, locked, managed } = resolveAll({ notify: false }, policy({ mode: 'observe' }, admin))
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe' })
    expect(managed).toEqual(['mode'])
    expect(locked).toEqual(SETTING_KEYS)
  })

  test('unless it says that the user may', () => {
    const values = { mode: 'observe', userSettings: 'allow' }
    const { settings, locked } = resolveAll({ mode: 'off', notify: false }, policy(values, admin))
    expect(settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe', notify: false })
    expect(locked).toEqual(['mode'])
  })

  test('without a word of policy, everything is locked to the defaults', () => {
    const none = { ...NO_POLICY, ...admin }
    expect(resolveAll({ mode: 'off' }, none)).toMatchObject({ settings: DEFAULT_SETTINGS, locked: SETTING_KEYS })
  })

  test('a word that is not allowed opens nothing, and is named', () => {
    const { locked, problems } = resolveAll({}, policy({ userSettings: 'Allow' }, admin))
    expect(locked).toEqual(SETTING_KEYS)
    expect(problems).toEqual([{ source: 'policy', key: 'userSettings', value: 'Allow', allowed: 'lock | allow' }])
  })
})

test('a policy can lock without having installed', () => {
  const { settings, locked } = resolveAll({ mode: 'off' }, policy({ userSettings: 'lock' }))
  expect(settings).toEqual(DEFAULT_SETTINGS)
  expect(locked).toEqual(SETTING_KEYS)
})

test('a bad value costs no other, is named, and gives no say to the user: a mode is observe, the rest its default', () => {
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
])('%s as %j decides whom to act on, and is not understood: nobody is acted on', (key, value) => {
  expect(resolveAll({}, policy({ [key]: value })).settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe' })
  expect(resolveAll({ [key]: value }, NO_POLICY).settings).toEqual({ ...DEFAULT_SETTINGS, mode: 'observe' })
  if (key !== 'mode') expect(resolveAll({ mode: 'off' }, policy({ [key]: value })).settings.mode).toBe('off')
})

test('a word of userSettings that is not allowed locks, whoever has installed us', () => {
  expect(resolveAll({ mode: 'off' }, policy({ userSettings: 'Allow' })).locked).toEqual(SETTING_KEYS)
})

test('what the user has stored wrongly is named as theirs, where it would count', () => {
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
])('but %s as %j is not allowed', (key, value) => {
  expect(resolveAll({}, policy({ [key]: value })).problems).toMatchObject([{ key, value, source: 'policy' }])
})

test('until the first policy is there, nobody is set Offline and nothing can be changed', () => {
  const { settings, locked } = resolveAll({ mode: 'act' }, { ...NO_POLICY, ...admin, state: 'waiting' })
  expect(settings.mode).toBe('observe')
  expect(locked).toEqual(SETTING_KEYS)
})

test('whatever comes: every setting in force is an allowed one, and what is managed is locked', () => {
  const anything = fc.dictionary(fc.constantFrom(...Object.keys(POLICY_SPECS), 'other', 'constructor'), fc.jsonValue())
  fc.assert(
    fc.property(anything, anything, fc.boolean(), (stored, values, isAdminInstall) => {
      const { settings, managed, locked } = resolveAll(stored, policy(values, { isAdminInstall }))
      expect(resolveAll({ ...settings }, NO_POLICY).problems).toEqual([])
      expect(locked).toEqual(expect.arrayContaining([...managed]))
    }),
  )
})
