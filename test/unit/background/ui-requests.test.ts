import 'fake-indexeddb/auto'
import { FieldCheck } from '../../../src/background/field-check/field-check'
import { Fleet } from '../../../src/background/fleet/fleet'
import { Problems } from '../../../src/background/problems'
import { DEFAULT_SETTINGS } from '../../../src/domain/settings'
import { CloseEngine } from '../../../src/background/close-engine'
import { answerUi, isFromUi } from '../../../src/background/ui-requests'
import { writeLog } from '../../../src/background/log-writer'
import type { Status } from '../../../src/protocol/ui-messages'
import { loadCloses, saveCloses } from '../../../src/storage/close-store'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { agentEvent, closing, facts, header, INSTANCE, T0 } from '../domain/build'
import { fake, renewBrowser } from './browser'
import { uuid } from '../uuid'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const PAGE = `chrome-extension://${EXTENSION_ID}/options.html`
const heartbeats = { status: () => Promise.reject(new Error('They are off.')) }
let engine: CloseEngine
let problems: Problems
let fleet: Fleet
let fieldCheck: FieldCheck
beforeEach(async () => {
  jest.spyOn(Date, 'now').mockReturnValue(T0 + 60_000)
  renewBrowser()
  problems = new Problems()
  engine = new CloseEngine({
    extensionVersion: '1.2.3',
    now: () => T0 + 60_000,
    settings: () => Promise.resolve({ ...DEFAULT_SETTINGS, mode: 'observe' }),
    load: () => loadCloses(() => problems.report('problem_stateDamaged')),
    save: saveCloses,
    putAside: () => Promise.resolve(),
    writeLog,
    notifyStaying: () => undefined,
    isHeld: () => Promise.resolve(false),
    tabStatus: () => Promise.resolve('missing'),
    wakeAt: () => Promise.resolve(),
    watch: () => Promise.resolve(),
    onChange: () => undefined,
    problems,
  })
  fleet = new Fleet({ state: () => engine.state(), started: () => Promise.resolve(), userAgent: 'UA', problems })
  fieldCheck = new FieldCheck({ state: () => engine.state(), started: () => Promise.resolve('run') })
  await answerUi({ kind: 'ui', type: 'clear_log' }, { engine, problems, fleet, heartbeats, fieldCheck })
})

const ask = (request: object) =>
  answerUi({ kind: 'ui', ...request }, { engine, problems, fleet, heartbeats, fieldCheck })
const status = async (): Promise<Status> => {
  const answer = await ask({ type: 'get_status' })
  if (!answer.ok) throw new Error(answer.error)
  return answer.value as Status
}

async function flagAda(): Promise<void> {
  const document = header(uuid('doc-a'))
  const place = { tabId: 1, frameId: 0, ownCookies: true }
  const told = { type: 'document', seq: 1, runId: 'r', header: document, place } as const
  await engine.dispatch(
    { ...told, at: T0, docEvent: agentEvent(facts()) },
    { ...told, at: T0 + 1_000, docEvent: closing(uuid('c1')) },
    { type: 'tab_removed', at: T0 + 1_010, tabId: 1, windowClosing: false },
  )
  await engine.tick()
}

test('only the extension’s own pages may send requests', () => {
  const isUi = (sender: object): boolean => isFromUi(sender)
  expect(isUi({ id: EXTENSION_ID, url: PAGE })).toBe(true)
  expect(isUi({ id: 'another', url: PAGE })).toBe(false)
  expect(isUi({ id: EXTENSION_ID, url: `https://${INSTANCE}/ccp-v2/` })).toBe(false)
  expect(isUi({ id: EXTENSION_ID, url: `https://evil.example/?${PAGE}` })).toBe(false)
  expect(isUi({ id: EXTENSION_ID })).toBe(false)
})

test('an invalid request is answered with an error', async () => {
  for (const what of [null, {}, { kind: 'ui', type: 'rm' }, { kind: 'ui', type: 'dismiss_flag', closeId: '../..' }]) {
    expect(await answerUi(what, { engine, problems, fleet, heartbeats, fieldCheck })).toMatchObject({ ok: false })
  }
})

test('an invalid setting is refused with the allowed values, and nothing is stored', async () => {
  expect(await ask({ type: 'set_setting', key: 'mode', value: 'loud' })).toEqual({
    ok: false,
    error: 'refused_notAllowed mode "loud" act | observe | off',
  })
  expect(await ask({ type: 'set_setting', key: 'nope', value: 1 })).toEqual({
    ok: false,
    error: 'refused_noSetting nope',
  })
  expect(fake.own.items.has('settings')).toBe(false)
})

test('a setting is stored, marked as changed, and reset', async () => {
  expect(await ask({ type: 'set_setting', key: 'mode', value: 'off' })).toMatchObject({
    ok: true,
    value: { settings: { mode: 'off' }, changed: ['mode'] },
  })
  expect(await ask({ type: 'set_setting', key: 'mode', value: null })).toMatchObject({
    ok: true,
    value: { settings: { mode: 'act' }, changed: [] },
  })
})

test('several settings are stored together, or none of them', async () => {
  await ask({ type: 'set_settings', values: { mode: 'off', notify: false } })
  expect(fake.own.items.get('settings')).toEqual({ mode: 'off', notify: false })
  expect(await ask({ type: 'set_settings', values: { mode: null, holdMs: -1 } })).toEqual({
    ok: false,
    error: 'refused_notAllowed holdMs -1 0..5000',
  })
  expect(fake.own.items.get('settings')).toEqual({ mode: 'off', notify: false })
})

test('settings stored at the same moment are not lost', async () => {
  await Promise.all([
    ask({ type: 'set_setting', key: 'mode', value: 'off' }),
    ask({ type: 'set_setting', key: 'notify', value: 7 }),
    ask({ type: 'set_setting', key: 'holdMs', value: 7 }),
  ])
  expect(fake.own.items.get('settings')).toEqual({ mode: 'off', holdMs: 7 })
})

test('all settings are reset to their defaults, and unknown ones removed', async () => {
  fake.own.set({ settings: { mode: 'off', colour: 'red', holdMs: -1 } })
  expect(await ask({ type: 'reset_settings' })).toMatchObject({
    ok: true,
    value: { settings: DEFAULT_SETTINGS, changed: [], problems: [] },
  })
})

test('the status contains open documents, unreached tabs, flags and the last entry', async () => {
  await flagAda()
  fake.addTab(1, `https://${INSTANCE}/ccp-v2/`)
  fake.addTab(2, `https://${INSTANCE}/ccp-v2/`)
  fake.addTab(3, 'https://crm.example/')
  await engine.dispatch({
    type: 'document',
    seq: 1,
    at: T0 + 500,
    runId: 'r',
    header: header(uuid('doc-b')),
    place: { tabId: 2, frameId: 0, ownCookies: true },
    docEvent: agentEvent(facts('not_routable', { username: 'bob' })),
  })
  expect(await status()).toMatchObject({
    documents: [
      {
        docId: uuid('doc-b'),
        protection: { status: 'protected' },
        outlook: { is: 'takes_no_contacts' },
        offlineNow: { is: 'not_offered' },
      },
    ],
    unreachedTabs: 1,
    flags: [{ closeId: uuid('c1'), username: 'ada' }],
    lastEntry: { id: uuid('c1'), outcome: 'unconfirmed' },
    mode: 'act',
    version: '1.2.3',
    hostsGranted: true,
    problems: [],
  })
})

test('the status contains invalid settings and missing access to the sites', async () => {
  fake.own.set({ settings: { mode: 'loud', notify: false } })
  fake.areHostsGranted = false
  fake.isInPrivate = true
  expect(await status()).toMatchObject({
    mode: 'observe',
    hostsGranted: false,
    problems: [],
    isInPrivate: true,
    settingProblems: [{ source: 'user', key: 'mode', value: 'loud', allowed: 'act | observe | off' }],
  })
})

describe('under a policy', () => {
  test('its settings apply, and nobody can store another value', async () => {
    fake.managed.set({ mode: 'observe' })
    for (const value of ['act', null]) {
      expect(await ask({ type: 'set_setting', key: 'mode', value })).toEqual({
        ok: false,
        error: 'refused_managed mode',
      })
    }
    expect(await ask({ type: 'set_setting', key: 'notify', value: false })).toMatchObject({
      ok: true,
      value: { settings: { mode: 'observe', notify: false }, managed: ['mode'], locked: ['mode'], policy: 'delivered' },
    })
    expect((await status()).mode).toBe('observe')
    expect(fake.own.items.get('settings')).toEqual({ notify: false })
  })

  test('that has installed the extension, no setting can be stored unless it allows that', async () => {
    fake.installType = 'admin'
    fake.managed.set({ mode: 'act' })
    expect(await ask({ type: 'set_setting', key: 'notify', value: false })).toMatchObject({ ok: false })
    expect(fake.own.items.has('settings')).toBe(false)
    fake.managed.set({ userSettings: 'allow' })
    expect(await ask({ type: 'set_setting', key: 'notify', value: false })).toMatchObject({ ok: true })
  })

  test('locked settings are neither imported nor reset: the user’s values remain for when the policy goes', async () => {
    fake.own.set({ settings: { mode: 'off', notify: false } })
    fake.managed.set({ mode: 'observe' })
    expect(await ask({ type: 'set_settings', values: { notify: true, mode: 'act' } })).toMatchObject({ ok: false })
    await ask({ type: 'reset_settings' })
    expect(fake.own.items.get('settings')).toEqual({ mode: 'off' })
  })

  test.each([
    ['installs the extension', 'admin', { mode: 'act' }, false],
    ['sets how long the log is kept', 'normal', { retentionDays: 30 }, false],
    ['installs the extension, and leaves the settings to the user', 'admin', { userSettings: 'allow' }, true],
    ['sets something else', 'normal', { mode: 'act' }, true],
  ])('that %s: whether the user may delete the log', async (_what, installType, policy, isAllowed) => {
    await flagAda()
    fake.installType = installType
    fake.managed.set(policy)
    expect((await ask({ type: 'clear_log' })).ok).toBe(isAllowed)
    expect((await status()).lastEntry === null).toBe(isAllowed)
  })

  test('invalid values are listed as problems, with the allowed values', async () => {
    fake.managed.set({ mode: 'loud', colour: 'red' })
    const { mode, settingProblems: told } = await status()
    expect(mode).toBe('observe')
    expect(told).toEqual([
      { source: 'policy', key: 'mode', value: 'loud', allowed: 'act | observe | off' },
      { source: 'policy', key: 'colour', value: 'red', allowed: null },
    ])
  })
})

test('a flag is dismissed', async () => {
  await flagAda()
  expect(await ask({ type: 'dismiss_flag', closeId: uuid('c1') })).toEqual({ ok: true, value: null })
  expect((await status()).flags).toEqual([])
})

test('the CCP of a flag is opened where it was, or refused if the flag is gone', async () => {
  await flagAda()
  expect(await ask({ type: 'open_ccp', closeId: uuid('c2') })).toEqual({ ok: false, error: 'refused_notFlagged' })
  expect(await ask({ type: 'open_ccp', closeId: uuid('c1') })).toMatchObject({ ok: true })
  expect(fake.opened).toEqual([`https://${INSTANCE}/ccp-v2/`])
})

test('what no flag offers is refused', async () => {
  await flagAda()
  expect(await ask({ type: 'recover', closeId: uuid('c1') })).toEqual({ ok: false, error: 'refused_notOffered' })
  expect(fake.opened).toEqual([])
})

test('an open CCP of the instance is brought to the front instead', async () => {
  await flagAda()
  fake.addTab(2, `https://${INSTANCE}/ccp-v2/`, 9)
  const place = { tabId: 2, frameId: 0, ownCookies: true }
  await engine.dispatch({
    type: 'document',
    seq: 1,
    at: T0 + 5_000,
    runId: 'r',
    header: header(uuid('doc-b')),
    place,
    docEvent: { type: 'hello' },
  })
  await ask({ type: 'open_ccp', closeId: uuid('c1') })
  expect(fake.opened).toEqual([])
  expect(fake.focused).toEqual([9])
})

describe('“set Offline now”', () => {
  const place = { tabId: 1, frameId: 0, ownCookies: true }
  const told = { type: 'document', seq: 1, runId: 'r', header: header(uuid('doc-a')), place, at: T0 } as const
  const heard: unknown[] = []
  const answerWith = (answer: unknown): void => {
    heard.length = 0
    fake.tellTab = (_tab, message) => {
      heard.push(message)
      return Promise.resolve(answer)
    }
  }
  const wish = async () => {
    await engine.dispatch({ ...told, docEvent: agentEvent(facts()) })
    return ask({ type: 'go_offline', docId: uuid('doc-a') })
  }

  test.each([
    [true, 'asked'],
    [false, 'declined'],
    [undefined, 'silent'],
  ])('with the page’s answer %s has the result %s', async (answer, value) => {
    answerWith(answer)
    expect(await wish()).toEqual({ ok: true, value })
    expect(heard).toEqual([{ type: 'set_offline', docId: uuid('doc-a'), kind: 'asked', at: T0 + 60_000 }])
  })

  test('does not ask a document that is not there', async () => {
    answerWith(true)
    expect(await ask({ type: 'go_offline', docId: uuid('another') })).toEqual({ ok: true, value: 'silent' })
    expect(heard).toEqual([])
  })

  test('is refused by the background too if the settings hide it', async () => {
    answerWith(true)
    await ask({ type: 'set_setting', key: 'popupOffline', value: 'hide' })
    expect(await wish()).toMatchObject({ ok: false })
    expect(heard).toEqual([])
  })
})
