/** What can go wrong around a close: each case once cost an entry, a flag or an agent's status. */
import type { Status } from '../../src/protocol/ui-messages'
import type { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])
const chat = { getType: () => 'chat', getStatus: () => ({ type: 'connected' }) }

async function closeTab(ccp: FakeDocument, tabId = 1): Promise<void> {
  await ccp.unload()
  stage.browser.removeTab(tabId)
}

/** The extension is switched off and on, or the browser restarts it: the same tabs in another run. */
function startAnotherRun(): void {
  stage.browser.stopWorker()
  stage.browser.session.items.clear()
  stage.browser.wake()
}

test('an Offline queued behind a chat is not confirmed until it takes effect', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.contacts = [chat]
  ccp.streams.become(STATES.available)
  ccp.streams.answer = 'at once'
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  stage.instance.contacts = [{ state: { type: 'connected' } }]
  await closeTab(ccp)
  expect(await story()).toEqual([])
  stage.instance.contacts = []
  stage.instance.state = wire(STATES.offline, Date.now())
  await stage.pass(120_000)
  expect(await story()).toEqual([['confirmed', 'asked', null]])
})

test('an agent who closes during a call is watched until the call ends, then set Offline', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.become({ ...STATES.available, name: 'Busy', type: 'system' })
  stage.instance.session = 'ada'
  stage.instance.state = wire({ ...STATES.available, name: 'Busy', type: 'system' })
  await closeTab(ccp)
  expect(await story()).toEqual([])
  expect(stage.instance.puts).toEqual([])
  stage.instance.state = wire(STATES.available)
  await stage.pass(120_000)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('switching the extension off and on leaves an agent with an open CCP alone', async () => {
  await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  startAnotherRun()
  expect(await story()).toEqual([])
  expect(stage.instance.puts).toEqual([])
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('a worker that dies before noting the new run notes it at its next start', async () => {
  await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  stage.browser.tabs.delete(1)
  stage.browser.stopWorker()
  // The run already has an id, but the documents of the last run are not linked to it.
  stage.browser.session.set({ runId: 'another' })
  stage.browser.wake()
  expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
})

test('mail stays in the mailbox until its events are stored', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  const { local, own } = stage.browser
  const store = own.set.bind(own)
  own.set = (values) => {
    if ('sessions' in values) throw new Error('quota')
    store(values)
  }
  await ccp.unload()
  await stage.settle()
  expect([...local.items.keys()].filter((key) => key.startsWith('mail:'))).not.toEqual([])
  own.set = store
  stage.browser.stopWorker()
  stage.browser.removeTab(1)
  expect(await story()).toHaveLength(1)
  expect([...local.items.keys()].filter((key) => key.startsWith('mail:'))).toEqual([])
})

test('nothing polls while an answer is awaited', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.answersNothing = true
  let writes = 0
  const { local } = stage.browser
  const store = local.set.bind(local)
  local.set = (values) => {
    writes += 1
    store(values)
  }
  await closeTab(ccp)
  await stage.pass(10_000)
  expect(stage.instance.asked).toBe(1)
  expect(writes).toBeLessThan(40)
})

test('a desktop that never answers a notification blocks nothing', async () => {
  stage.browser.noticesHang = true
  const crashed = await stage.openCcp({ tabId: 1 })
  crashed.vanish()
  await stage.finalLog()
  const ccp = await stage.openCcp({ tabId: 2 })
  ccp.streams.answer = 'at once'
  await closeTab(ccp, 2)
  expect(ccp.streams.asked).toHaveLength(1)
  expect(await story()).toContainEqual(['accepted', 'call_answered', 'signed_out'])
})

test('a notification that a dying worker did not show is shown by the next one', async () => {
  stage.browser.noticesHang = true
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.vanish()
  await stage.finalLog()
  expect(stage.browser.notices.size).toBe(0)
  stage.browser.noticesHang = false
  stage.browser.stopWorker()
  stage.browser.wake()
  await stage.finalLog()
  expect(stage.browser.notices.size).toBe(1)
})

test('one damaged document is put aside, and the others are processed', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = 'at once'
  stage.browser.stopWorker()
  const stored = stage.browser.own.items.get('sessions') as { state: { documents: Record<string, unknown> } }
  stored.state.documents['bad'] = { docId: 'bad', protection: {}, gone: null, agent: { x: 1 } }
  await closeTab(ccp)
  expect(await story()).toEqual([['accepted', 'call_answered', 'signed_out']])
  expect([...stage.browser.own.items.keys()]).toContain('sessions.damaged')
})

test('what a page knew before it was frozen does not confirm a later close', async () => {
  const frozen = await stage.openCcp({ tabId: 2 })
  frozen.streams.become({ ...STATES.offline, startTimestamp: new Date('2026-01-05T07:00:00Z') })
  await stage.settle()
  frozen.freeze()
  await stage.pass(5_000)
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.isReachable = false
  await closeTab(ccp)
  await stage.pass(1_000)
  frozen.thaw()
  expect((await story())[0]).not.toContain('confirmed')
})

test('a frame that its CCP removes is not a close', async () => {
  await stage.openCcp({ tabId: 1 })
  const url = 'https://acme.my.connect.aws/ccp-v2/channel-view'
  const part = await stage.openCcp({ tabId: 1, frameId: 5, url, parentPath: '/ccp-v2/' })
  part.end()
  await stage.finalLog()
  expect(part.streams.asked).toEqual([])
})

test('a crashed CCP needs nothing if the agent has another CCP open', async () => {
  const crashed = await stage.openCcp({ tabId: 1 })
  await stage.openCcp({ tabId: 2 })
  crashed.vanish()
  expect(await story()).toEqual([['not_needed', 'none', 'other_ccp']])
  expect(stage.browser.badge.text).toBe('')
})

test('an event that could not be handled is reported, and its sender does not count it as handled', async () => {
  await stage.openCcp({ tabId: 1 })
  stage.browser.own.refusal = 'locked'
  stage.browser.removeTab(1)
  await stage.settle()
  stage.browser.own.refusal = null
  const { problems } = await stage.askAsPopup<Status>({ type: 'get_status' })
  expect(problems).toEqual([expect.stringMatching(/^problem_event: .*locked$/)])
})
