import { DEFAULT_SETTINGS, HIDDEN, resolveSettings, SETTING_KEYS, SETTING_SPECS } from '../../../src/domain/settings'
import { allowedValues } from '../../../src/domain/setting-spec'

test('empty storage gives the defaults', () => {
  expect(resolveSettings({})).toEqual({ settings: DEFAULT_SETTINGS, problems: [] })
})

test('valid values apply', () => {
  const stored = {
    mode: 'observe',
    notify: false,
    retentionDays: 1,
    retentionEntries: 500,
    directPath: 'page',
    renewToken: true,
    holdMs: 0,
    deadMansSwitch: false,
    leaveDialog: 'on_contact',
    recovery: 'open',
    reload: 'keep',
    graceSeconds: 60,
    onContact: 'warn',
    acwLimitMinutes: 1,
    deskPhone: 'leave',
    fromStates: ['Available', 'Verfügbar'],
    routingProfiles: ['Basic'],
    instances: ['acme'],
    surfaces: ['v1', 'framed'],
    targetState: 'Feierabend',
    logOut: true,
    onLock: 'offline',
    onIdle: 'flag',
    idleMinutes: 5,
    onSleep: 'flag',
    popupOffline: 'hide',
    otlpEndpoint: 'https://collector.example.com/v1/logs',
    otlpProtocol: 'json',
    otlpHeaders: ['Authorization=Bearer abc='],
    otlpResource: ['site=Lisboa'],
    agentIdentity: 'hash',
    agentHashKey: 'k'.repeat(1_000),
    coverageMinutes: 5,
    watchdogEndpoint: 'https://watchdog.example.com/beat',
    watchdogSecret: 's'.repeat(32),
    heartbeatSeconds: 60,
    fieldCheckAgents: ['tess'],
  }
  expect(Object.keys(stored).sort()).toEqual([...SETTING_KEYS].sort())
  expect(resolveSettings(stored)).toEqual({ settings: stored, problems: [] })
})

test('each key is checked by itself: an invalid value does not affect others, becomes the default, and is reported', () => {
  const { settings, problems } = resolveSettings({ mode: 'ACT', notify: false, retentionDays: '30' })
  expect(settings).toEqual({ ...DEFAULT_SETTINGS, notify: false })
  expect(problems).toEqual([
    { key: 'mode', value: 'ACT', allowed: 'act | observe | off' },
    { key: 'retentionDays', value: '30', allowed: '1..3650' },
  ])
})

test.each([0, 3651, 1.5, NaN, Infinity, -1, null, '7', [], {}])('%p days of retention are invalid', (value) => {
  const { settings, problems } = resolveSettings({ retentionDays: value })
  expect(settings.retentionDays).toBe(DEFAULT_SETTINGS.retentionDays)
  expect(problems).toHaveLength(1)
})

test.each([1, 0, 'true', null])('%p is not a switch', (value) => {
  expect(resolveSettings({ notify: value }).problems).toEqual([{ key: 'notify', value, allowed: 'true | false' }])
})

test.each(['unknown', 'constructor', '__proto__x', 'toString'])('the key %s is reported as unknown', (key) => {
  expect(resolveSettings({ [key]: 'act' })).toEqual({
    settings: DEFAULT_SETTINGS,
    problems: [{ key, value: 'act', allowed: null }],
  })
})

test.each([
  ['otlpEndpoint', 'http://collector.example.com', 'an https address, or http of localhost'],
  ['otlpResource', ['site'], 'a list of key=value'],
])('%s is not %j', (key, value, allowed) => {
  expect(resolveSettings({ [key]: value })).toEqual({ settings: DEFAULT_SETTINGS, problems: [{ key, value, allowed }] })
})

test('an invalid secret is reported without its value', () => {
  for (const stored of [{ otlpHeaders: ['s3cret'] }, { agentHashKey: ['s3cret'] }]) {
    const { problems } = resolveSettings(stored)
    expect(problems).toMatchObject([{ value: HIDDEN }])
    expect(JSON.stringify(problems)).not.toContain('s3cret')
  }
})

test('every default is valid by its own spec', () => {
  expect(resolveSettings({ ...DEFAULT_SETTINGS }).problems).toEqual([])
  expect(SETTING_KEYS.map((key) => allowedValues(SETTING_SPECS[key]))).not.toContain('')
})

test('a list of names has room for every routing profile of a large organization; a list for requests is shorter', () => {
  const named = (count: number): string[] => Array.from({ length: count }, (_, nth) => `profile=${nth}`)
  expect(resolveSettings({ routingProfiles: named(10_000) }).problems).toEqual([])
  expect(resolveSettings({ routingProfiles: named(10_001) }).problems).toMatchObject([{ key: 'routingProfiles' }])
  expect(resolveSettings({ otlpResource: named(200) }).problems).toEqual([])
  expect(resolveSettings({ otlpResource: named(201) }).problems).toMatchObject([{ key: 'otlpResource' }])
})
