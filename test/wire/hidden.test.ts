/** A page that hides its Streams is watched with its token, for as long as that is good; and afterwards nobody is taken for Offline. */
import type { Flag } from '../../src/domain/closes/state'
import type { CcpDocument } from '../../src/domain/closes/ccp-document'
import type { FakeDocument } from './fake-document'
import type { Init } from './fake-instance'
import { Stage } from './stage'
import { STATES, wire } from './streams'

// The first test loads and compiles every world.
jest.setTimeout(20_000)

const MINUTE = 60_000

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

/** Opens a CCP without a `connect` that the bridge knows, whose token is good for ten minutes. */
async function open(): Promise<FakeDocument> {
  const ccp = await stage.openCcp({
    tabId: 1,
    isBare: true,
    fetch: (url, init) => stage.instance.fetch(url, init as Init),
  })
  const core = { initSharedWorker: (): void => undefined } as { initSharedWorker: (params: object) => void }
  ccp.window.connect = { core, notWhatWeKnow: true }
  core.initSharedWorker({ authToken: 'token-of-ada', endpoint: '/api', authTokenExpiration: Date.now() + 10 * MINUTE })
  await stage.pass(7_000)
  return ccp
}
const become = (state: keyof typeof STATES): void => {
  stage.instance.state = wire(STATES[state], Date.now())
}
/** The background's state, as it is stored. */
const stored = async () => {
  await stage.settle()
  const { state } = stage.browser.own.get('sessions')['sessions'] as {
    state: { documents: Record<string, CcpDocument>; flags: Pick<Flag, 'why' | 'username'>[] }
  }
  return state
}
const protection = async () => Object.values((await stored()).documents).map((doc) => doc.protection.status)
const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])
const flags = async () => (await stored()).flags.map(({ why, username }) => [why, username])

beforeEach(() => {
  stage.instance.session = 'ada'
  become('offline')
})

test.each([
  ['has expired', () => stage.pass(12 * MINUTE)],
  [
    'is denied',
    () => {
      stage.instance.expired.add('token-of-ada')
      return stage.pass(3 * MINUTE)
    },
  ],
])('the page is shown as not protected when its token %s', async (_what, happen) => {
  await open()
  expect([await protection(), stage.browser.badge.text]).toEqual([['protected'], ''])
  await happen()
  expect([await protection(), stage.browser.badge.text]).toEqual([['unprotected'], '!'])
})

test('the setting `renewToken` keeps the page protected, whatever its agent does', async () => {
  stage.browser.own.set({ settings: { renewToken: true } })
  await stage.settle()
  await open()
  for (let minutes = 0; minutes < 15; minutes += 1) {
    await stage.pass(MINUTE)
    expect([await protection(), stage.browser.badge.text]).toEqual([['protected'], ''])
  }
  expect(stage.instance.issued).toBe(1)
})

test('the page is protected again when its token is taken again', async () => {
  await open()
  stage.instance.expired.add('token-of-ada')
  await stage.pass(3 * MINUTE)
  stage.instance.expired.clear()
  await stage.pass(2 * MINUTE)
  expect([await protection(), stage.browser.badge.text]).toEqual([['protected'], ''])
})

test.each([
  ['Available', 'available', 'ada'],
  ['Available, and signed out', 'available', null],
  // Nobody knows.
  ['Offline', 'offline', 'ada'],
] as const)(
  'an agent who was Offline when last seen, and is %s, is flagged after the close',
  async (_what, state, session) => {
    const ccp = await open()
    await stage.pass(12 * MINUTE)
    become(state)
    stage.instance.session = session
    await ccp.unload()
    stage.browser.removeTab(1)
    expect(await story()).toEqual([['failed', 'none', 'streams_hidden']])
    expect([stage.instance.puts, await flags()]).toEqual([[], [['close', 'ada']]])
    // What they were when last seen is not what they may still be.
    expect([...stage.browser.notices.values()]).toMatchObject([{ title: 'notifyTitleFailed stateNameAvailable' }])
  },
)

test('an agent who was Available when last seen is set Offline after the close', async () => {
  const ccp = await open()
  become('available')
  await stage.pass(12 * MINUTE)
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect(await flags()).toEqual([])
})

test('a page that a busy background has not heard in time is not protected again by what it said before', async () => {
  await open()
  stage.browser.losesMessages = true
  become('available')
  await stage.pass(4_000)
  stage.instance.expired.add('token-of-ada')
  await stage.pass(3 * MINUTE)
  stage.browser.losesMessages = false
  await stage.pass(MINUTE)
  expect(await protection()).toEqual(['unprotected'])
})
