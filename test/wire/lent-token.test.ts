import type { FakeDocument, Place } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'

// The first test loads and compiles every world.
jest.setTimeout(20_000)

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const TOKEN = 'token-of-ada'
const PRIVATE: Place = { tabId: 1, incognito: true }

/** Opens a CCP whose page gives its token to Streams. */
async function open(place: Place, params: object = { authToken: TOKEN }): Promise<FakeDocument> {
  const ccp = await stage.openCcp(place)
  ccp.streams.connect.core.initSharedWorker(params)
  await stage.pass(1_000)
  return ccp
}
/** Closes the tab; the calls of the page get no answer. The browser has another user's session. */
async function leave(ccp: FakeDocument): Promise<void> {
  stage.instance.session = 'bob'
  stage.instance.state = wire(STATES.available)
  await ccp.unload()
  stage.browser.removeTab(1)
}
const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])
const kept = (): string[] => [...stage.browser.session.items.keys()].filter((key) => key.startsWith('token:'))
const onDisk = (): string => JSON.stringify([...stage.browser.local.items, ...stage.browser.own.items])

test.each<[string, Place]>([
  ['a private window', PRIVATE],
  ['a container', { tabId: 1, cookieStoreId: 'firefox-container-2' }],
])('a close in %s is verified with its page’s token only', async (_where, place) => {
  const ccp = await open(place)
  expect(kept()).toHaveLength(1)
  await leave(ccp)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect(stage.instance.puts).toEqual(['offline'])
  expect(new Set(stage.instance.credentials)).toEqual(new Set(['omit']))
  expect(kept()).toEqual([])
  expect(onDisk()).not.toContain(TOKEN)
  expect(JSON.stringify(await stage.entries())).not.toContain(TOKEN)
})

test('the token outlives a worker, but not its document', async () => {
  const ccp = await open(PRIVATE)
  stage.browser.stopWorker()
  await leave(ccp)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
  expect(kept()).toEqual([])
})

test('an expired token counts as no token', async () => {
  const ccp = await open(PRIVATE)
  stage.instance.expired.add(TOKEN)
  await leave(ccp)
  // A denial is accepted only after the time that Streams takes.
  await stage.pass(60_000)
  expect(await story()).toEqual([['unconfirmed', 'none', 'separate_cookies']])
  expect(stage.instance.puts).toEqual([])
})

test('without a token, nothing is asked with the cookies of another session', async () => {
  await leave(await stage.openCcp(PRIVATE))
  expect(await story()).toEqual([['unconfirmed', 'none', 'separate_cookies']])
  expect(stage.instance.asked).toBe(0)
})

test.each<[string, Place, object]>([
  ['where the background has the cookies itself', { tabId: 1 }, {}],
  ['if the settings forbid the background’s calls', PRIVATE, { directPath: 'page' }],
  ['in observe mode', PRIVATE, { mode: 'observe' }],
])('no token is lent %s', async (_where, place, settings) => {
  stage.browser.own.set({ settings })
  await open(place)
  expect(kept()).toEqual([])
})

test('a token is forgotten when a setting forbids its use', async () => {
  await open(PRIVATE)
  stage.browser.own.set({ settings: { directPath: 'nowhere' } })
  await stage.settle()
  expect(kept()).toEqual([])
})

test('a token for another origin is not lent', async () => {
  await open(PRIVATE, { authToken: TOKEN, endpoint: 'https://elsewhere.example/api' })
  expect(kept()).toEqual([])
})

test('a refused close in a private window gets no recovery CCP, which would have another session', async () => {
  stage.browser.own.set({ settings: { recovery: 'open' } })
  stage.browser.addTab(7, 'https://other.example/')
  const ccp = await open(PRIVATE)
  stage.instance.refusesExtensions = true
  await leave(ccp)
  expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
  expect(stage.browser.opened).toEqual([])
})
