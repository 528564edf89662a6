import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { selfTest } from '../../../src/background/self-test'
import type { SelfTestStep } from '../../../src/domain/self-test-steps'
import { SELF_TEST_STEPS } from '../../../src/domain/self-test-steps'
import type { CcpDocument } from '../../../src/domain/closes/ccp-document'
import type { CloseState } from '../../../src/domain/closes/state'
import { EMPTY_CLOSE_STATE } from '../../../src/domain/closes/state'
import { openLog } from '../../../src/storage/log-store'
import { EXTENSION_ID } from '../../wire/fake-browser'
import { facts, header, INSTANCE, EventPlayer } from '../domain/build'
import { browser, fake, renewBrowser } from './browser'

jest.mock('../../../src/platform/browser', () => jest.requireActual<object>('./browser'))
jest.mock('../../../src/storage/own-store', () => jest.requireActual<object>('./browser'))

const URL_OF = `https://${INSTANCE}/ccp-v2/`
let state: CloseState
let problems: string[]

beforeEach(() => {
  renewBrowser()
  Object.assign(globalThis, { indexedDB: new IDBFactory() })
  state = EMPTY_CLOSE_STATE
  problems = []
})

/** The findings of a step, as `verdict code values`. */
async function check(step: SelfTestStep): Promise<string[]> {
  const parts = { version: '1.2.3', state: () => Promise.resolve(state), problems: () => problems }
  const { step: answered, findings } = await selfTest(step, parts)
  expect(answered).toBe(step)
  return findings.map(({ verdict, code, values }) => [verdict, code, ...values].join(' '))
}

/** An open CCP of Ada's, and its content script's answer; null: none. */
function openCcp(answer: object | boolean | null, over: Partial<CcpDocument> = {}): void {
  const player = new EventPlayer()
  player.open(header('doc-a'))
  const [doc] = Object.values(player.state.documents)
  if (doc === undefined) throw new Error('No document')
  state = { ...player.state, documents: { 'doc-a': { ...doc, ...over } } }
  fake.addTab(1, URL_OF)
  const world = fake.contentWorld({ id: EXTENSION_ID, url: URL_OF, tab: { id: 1 }, frameId: 0 })
  world.onMessage.addListener((message) => {
    expect(message).toEqual({ type: 'check', docId: 'doc-a' })
    return answer === null ? undefined : Promise.resolve(answer)
  })
}
const READY = { isBridgeThere: true, isConfigured: true }

test('without problems every step says so, and leaves nothing behind', async () => {
  openCcp(READY)
  const said = await Promise.all(SELF_TEST_STEPS.map(check))
  expect(said).toEqual([
    ['ok answers 1.2.3'],
    ['ok settings_read'],
    ['ok works'],
    ['ok works'],
    ['ok works'],
    ['ok alarm_set'],
    ['ok notices_granted'],
    ['ok host_granted https://*.my.connect.aws/*'],
    [`ok page_ready ${facts().name} ${INSTANCE}`],
    [`unknown direct_untried ${facts().name}`],
    ['ok no_problems'],
  ])
  const stores = [fake.local, fake.own, fake.session].flatMap(({ items }) => [...items.keys()])
  expect([...stores, ...fake.alarms.keys()]).toEqual([])
  expect(await (await openLog()).newest(9)).toEqual([])
})

test('no step asks an instance anything, or changes one', async () => {
  const fetched = jest.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('Nobody is to ask.'))
  openCcp(READY)
  for (const step of SELF_TEST_STEPS) await check(step)
  expect(fetched).not.toHaveBeenCalled()
})

describe('the settings', () => {
  test('list each problem of policy and user, with key, value and allowed values', async () => {
    fake.managed.set({ mode: 'loud', colour: 'red' })
    fake.own.set({ settings: { holdMs: -1 } })
    expect(await check('settings')).toEqual([
      'ok policy_read 1',
      'bad policy_value mode "loud" act | observe | off',
      'bad unknown_key colour',
      'warn user_value holdMs -1 0..5000',
      'bad held_to_observe',
    ])
  })

  test('show a policy that is not delivered yet as waiting, and after a start the last one as kept', async () => {
    fake.installType = 'admin'
    expect(await check('settings')).toEqual(['warn policy_waiting'])
    fake.own.set({ policy: { mode: 'observe' } })
    expect(await check('settings')).toEqual(['warn policy_kept'])
  })

  test('show a store that cannot be read', async () => {
    fake.own.refusal = 'The profile is damaged.'
    expect(await check('settings')).toEqual(['bad failed The profile is damaged.'])
  })
})

test.each(['local', 'session'] as const)('storage.%s that refuses to store', async (area) => {
  fake[area].broken = 'QuotaExceededError'
  expect(await check(area)).toEqual(['bad failed QuotaExceededError'])
})

test.each(['local', 'own'] as const)('a store that forgets at once (%s)', async (area) => {
  jest.spyOn(fake[area], 'set').mockReturnValue(undefined)
  expect(await check('local')).toContain('bad not_kept')
})

test('the extension’s own store that refuses to store', async () => {
  fake.own.broken = 'QuotaExceededError'
  expect(await check('local')).toEqual(['bad failed QuotaExceededError'])
})

test('a log that cannot be opened', async () => {
  jest.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new Error('No space is left.')
  })
  expect(await check('log')).toEqual(['bad failed No space is left.'])
})

test('an alarm that is not kept', async () => {
  jest.spyOn(fake.alarms, 'set').mockReturnValue(fake.alarms)
  expect(await check('alarms')).toEqual(['bad not_kept'])
})

describe('notifications', () => {
  test('are denied by the system', async () => {
    fake.noticeLevel = 'denied'
    expect(await check('notifications')).toEqual(['bad notices_denied'])
  })

  test('have an unknown permission in this browser', async () => {
    const { notifications } = browser as { notifications: { getPermissionLevel?: unknown } }
    delete notifications.getPermissionLevel
    expect(await check('notifications')).toEqual(['unknown notices_untold'])
  })

  test('are switched off in the settings', async () => {
    fake.own.set({ settings: { notify: false } })
    expect(await check('notifications')).toEqual(['unknown notices_off'])
  })
})

test('a site without access is named', async () => {
  fake.areHostsGranted = false
  expect(await check('hosts')).toEqual(['bad host_missing https://*.my.connect.aws/*'])
})

describe('open CCPs', () => {
  test('none', async () => {
    expect(await check('pages')).toEqual(['unknown no_pages'])
    expect(await check('direct')).toEqual(['unknown no_pages'])
  })

  test.each([
    ['without an answer of its content script', null, 'page_silent'],
    ['with a content script of an older version', true, 'page_silent'],
    ['without a bridge', { isBridgeThere: false, isConfigured: true }, 'page_without_bridge'],
    ['without settings', { isBridgeThere: true, isConfigured: false }, 'page_unconfigured'],
  ])('one %s', async (_what, answer, code) => {
    openCcp(answer)
    expect(await check('pages')).toEqual([`bad ${code} ${facts().name} ${INSTANCE}`])
  })

  test('one that is not protected', async () => {
    openCcp(READY, { protection: { status: 'unprotected', reason: 'no_connect' } })
    expect(await check('pages')).toEqual([`bad page_unprotected ${facts().name} ${INSTANCE}`])
  })

  test('one that is frozen does not block the test', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] })
    openCcp(READY)
    fake.freezeTab(1)
    const said = check('pages')
    await jest.advanceTimersByTimeAsync(2_000)
    expect(await said).toEqual([`bad page_silent ${facts().name} ${INSTANCE}`])
    jest.useRealTimers()
  })

  test('tabs that are not reached are counted, and a closed one is not asked', async () => {
    openCcp(READY, { gone: { at: 1, by: 'pagehide' } })
    fake.addTab(2, URL_OF)
    expect(await check('pages')).toEqual(['bad tabs_unreached 2'])
  })

  test.each([
    ['works', 'ok'],
    ['failed', 'warn'],
    ['no_token', 'warn'],
    ['expired', 'warn'],
    ['forbidden', 'unknown'],
  ] as const)('the page’s last own request: %s', async (status, verdict) => {
    openCcp(READY, { capabilities: { direct: { status, roundTripMs: 84, at: 5 }, deadMansSwitch: 'armed' } })
    expect(await check('direct')).toEqual([`${verdict} direct_${status} ${facts().name}`])
  })
})

test('a problem that the extension has reported is shown', async () => {
  problems = ['The log cannot be written.']
  expect(await check('problems')).toEqual(['bad problem The log cannot be written.'])
})

test('a step that never ends is cut off, and that is its finding', async () => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] })
  const never = new Promise<never>(() => undefined)
  const said = selfTest('pages', { version: '', state: () => never, problems: () => [] })
  await jest.advanceTimersByTimeAsync(4_000)
  expect((await said).findings).toEqual([{ code: 'failed', verdict: 'bad', values: ['No answer within 4 s.'] }])
  jest.useRealTimers()
})
