import type { Status } from '../../src/protocol/ui-messages'
import type { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { contact, STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const ask = <T>(request: object): Promise<T> => stage.askAsPopup<T>(request)
const status = (): Promise<Status> => ask<Status>({ type: 'get_status' })
const offlineNow = async () => (await status()).documents[0]?.offlineNow
async function wish(): Promise<string> {
  const [doc] = (await status()).documents
  return ask<string>({ type: 'go_offline', docId: doc?.docId })
}
const story = async () => (await stage.entries()).map(({ outcome, cause, event }) => [outcome, cause, event])
/** The session that the background finds is the page's own, in the state that the page has set. */
function signedIn(ccp: FakeDocument): FakeDocument {
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.available) })
  ccp.streams.onTaken = (state) => {
    stage.instance.state = wire(state, Date.now())
  }
  return ccp
}
async function becomeOffline(ccp: FakeDocument): Promise<void> {
  await stage.pass(100)
  ccp.streams.become({ ...STATES.offline, startTimestamp: new Date() })
  await stage.settle()
}

test('one click sets Offline through the agent’s own page; only what Connect shows the background confirms it', async () => {
  const ccp = signedIn(await stage.openCcp({ tabId: 1 }))
  expect(await offlineNow()).toMatchObject({ is: 'offered' })
  expect(await wish()).toBe('asked')
  expect(ccp.streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
  expect(await offlineNow()).toMatchObject({ is: 'under_way', error: null })
  await becomeOffline(ccp)
  stage.instance.state = wire(STATES.offline, Date.now())
  expect(await offlineNow()).toMatchObject({ is: 'under_way' })
  await stage.pass(40_000)
  expect(await story()).toEqual([['confirmed', 'asked', 'asked']])
  expect((await status()).flags).toEqual([])
  expect(stage.browser.notices.size).toBe(0)
  expect(stage.instance.puts).toEqual([])
})

test('an answered click is confirmed at once, and a close after it needs nothing', async () => {
  const ccp = signedIn(await stage.openCcp({ tabId: 1 }))
  ccp.streams.answer = 'at once'
  await wish()
  await stage.pass(1_000)
  expect(await offlineNow()).toMatchObject({ is: 'confirmed' })
  await becomeOffline(ccp)
  await stage.pass(5_000)
  expect(await story()).toEqual([['confirmed', 'asked', 'asked']])
  await ccp.unload()
  stage.browser.removeTab(1)
  await stage.pass(5_000)
  expect((await story())[0]).toEqual(['not_needed', 'tab_closed', 'beforeunload'])
  expect(ccp.streams.asked).toHaveLength(1)
})

describe('an Offline that Connect has accepted, and does not show,', () => {
  /** A page whose first requests come to nothing, though Connect accepts them. */
  async function wishLost(times: number): Promise<FakeDocument> {
    const ccp = signedIn(await stage.openCcp({ tabId: 1 }))
    let lost = 0
    ccp.streams.answer = 'at once'
    ccp.streams.shows = false
    ccp.streams.onTaken = (state) => {
      lost += 1
      if (lost <= times) return
      stage.instance.state = wire(state, Date.now())
      ccp.streams.become({ ...state, startTimestamp: new Date() })
    }
    await wish()
    for (let passed = 0; passed < 30_000; passed += 500) await stage.pass(500)
    return ccp
  }

  test.each([1, 2])('is asked for again by the page, within the same entry (%d lost)', async (times) => {
    const ccp = await wishLost(times)
    expect(ccp.streams.asked).toHaveLength(times + 1)
    expect(await story()).toEqual([['confirmed', 'asked', 'asked']])
    expect((await status()).flags).toEqual([])
    expect(stage.browser.notices.size).toBe(0)
    expect(stage.instance.puts).toEqual([])
  })

  test('is flagged once the page has asked three times', async () => {
    const ccp = await wishLost(Infinity)
    expect(ccp.streams.asked).toHaveLength(3)
    const [entry, ...others] = await stage.entries()
    expect(entry).toMatchObject({ outcome: 'unconfirmed', reason: 'not_shown', cause: 'asked' })
    expect(others).toEqual([])
    expect((await status()).flags).toMatchObject([{ why: 'asked' }])
    expect(stage.instance.puts).toEqual([])
  })
})

test('with another CCP open it is still done, once, and both CCPs show it', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  const other = await stage.openCcp({ tabId: 2 })
  await wish()
  expect([ccp, other].map(({ streams }) => streams.asked.length)).toEqual([1, 0])
  expect((await status()).documents.map((doc) => doc.offlineNow.is)).toEqual(['under_way', 'under_way'])
})

test.each([
  ['voice', { ...STATES.available, name: 'Busy', type: 'system' }],
  ['chat', STATES.available],
])('never during a contact (%s), even if the popup does not know of it yet', async (channel, state) => {
  const ccp = await stage.openCcp({ tabId: 1 })
  const [doc] = (await status()).documents
  ccp.streams.contacts = [contact(channel, 'connected')]
  // The page knows before anybody else.
  expect(await ask({ type: 'go_offline', docId: doc?.docId })).toBe('declined')
  expect(ccp.streams.asked).toEqual([])
  ccp.streams.become({ ...state })
  await stage.settle()
  expect(await offlineNow()).toMatchObject({ is: 'on_contact' })
  expect(await story()).toEqual([])
})

test('a refusal is shown, retried by the page, and finally flagged once', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = { type: 'ThrottlingException', message: 'No' }
  await wish()
  expect(await offlineNow()).toMatchObject({ is: 'under_way', error: { type: 'ThrottlingException' } })
  await stage.pass(40_000)
  expect(ccp.streams.asked.length).toBeGreaterThan(1)
  expect(await story()).toEqual([['failed', 'asked', 'asked']])
  expect((await status()).flags).toMatchObject([{ why: 'asked' }])
  expect(stage.browser.notices.size).toBe(1)
  expect(await offlineNow()).toMatchObject({ is: 'offered' })
  // The popup tries once more.
  ccp.streams.answer = 'at once'
  expect(await wish()).toBe('asked')
  await becomeOffline(ccp)
  await stage.pass(5_000)
  expect((await status()).flags).toEqual([])
  expect(stage.browser.notices.size).toBe(0)
})

test('a frozen page does nothing, not even later', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  const [doc] = (await status()).documents
  stage.browser.freezeTab(1)
  const answer = ask<string>({ type: 'go_offline', docId: doc?.docId })
  await stage.pass(12_000)
  expect(await answer).toBe('silent')
  expect(ccp.streams.asked).toEqual([])
  expect(await story()).toEqual([])
})

test.each([['observe'], ['off']])('in %s mode nothing is offered, and nothing done', async (mode) => {
  stage.browser.own.set({ settings: { mode } })
  await stage.settle()
  const ccp = await stage.openCcp({ tabId: 1 })
  expect(await offlineNow()).toEqual({ is: 'not_offered' })
  expect(await wish()).toBe('declined')
  expect(ccp.streams.asked).toEqual([])
})

test('a retry for an agent flagged after a close asks Connect at once', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  stage.instance.isReachable = false
  await ccp.unload()
  stage.browser.removeTab(1)
  // Enough failed attempts to raise a flag; the next one is seconds away.
  for (let passed = 0; (await status()).flags.length === 0 && passed < 60; passed += 1) await stage.pass(500)
  const [flag] = (await status()).flags
  expect(flag).toMatchObject({ why: 'close', cause: 'tab_closed' })
  expect((await status()).retries).toEqual({ [flag?.closeId ?? '']: 'waiting' })
  const asked = stage.instance.asked
  await stage.settle()
  expect(stage.instance.asked).toBe(asked)
  stage.instance.isReachable = true
  await ask({ type: 'retry_flag', closeId: flag?.closeId })
  await stage.settle()
  expect(stage.instance.puts).toEqual(['offline'])
  await stage.pass(1)
  expect((await status()).flags).toEqual([])
})
