import type { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { contact, STATES } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const story = async () =>
  (await stage.finalLog()).map(({ outcome, evidence, cause, username }) => [username, outcome, evidence, cause])

function answering(document: FakeDocument): FakeDocument {
  document.streams.answer = 'at once'
  return document
}

test('a closed tab whose call was answered is accepted, if nobody is signed in to check it', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'tab_closed']])
  expect(ccp.streams.asked).toEqual([{ state: 'offline', enqueue: undefined }])
  expect(stage.browser.notices.size).toBe(0)
})

test('a closed window without an answer is unconfirmed, flagged and notified', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  await ccp.unload()
  stage.browser.removeTab(1, true)
  expect(await story()).toEqual([['ada', 'unconfirmed', 'none', 'window_closed']])
  expect(stage.browser.badge.text).toBe('1')
  expect([...stage.browser.notices.values()]).toMatchObject([
    {
      title: 'notifyTitleFailed quoted Disponible',
      message: expect.stringMatching(/^notifyBodyUnconfirmed /) as string,
    },
  ])
})

test('the flag and its notification go when the agent is back', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  await ccp.unload()
  stage.browser.removeTab(1)
  await stage.finalLog()
  expect(stage.browser.notices.size).toBe(1)
  await stage.openCcp({ tabId: 2 })
  expect(stage.browser.badge.text).toBe('')
  expect(stage.browser.notices.size).toBe(0)
})

test('a page that goes elsewhere is logged as a navigation', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  await ccp.unload()
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'navigated_away']])
})

test('a log-out whose call was answered is accepted, and logged as a log-out', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  ccp.streams.terminate()
  await ccp.unload()
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'logged_out']])
})

test('a reload is recognized by the next document', async () => {
  await answering(await stage.openCcp({ tabId: 1 })).unload()
  await stage.openCcp({ tabId: 1, navigationType: 'reload' })
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'reloaded']])
})

test('a page that stayed has one entry, and its next close another', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  ccp.beforeUnload()
  expect(await story()).toEqual([['ada', 'accepted', 'snapshot', 'stayed']])
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([
    ['ada', 'accepted', 'call_answered', 'tab_closed'],
    ['ada', 'accepted', 'snapshot', 'stayed'],
  ])
})

test('a frame that its page removes has one entry', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1, frameId: 5 }))
  ccp.end()
  expect(ccp.streams.asked).toHaveLength(1)
  expect(await story()).toEqual([['ada', 'unconfirmed', 'none', 'frame_removed']])
})

test('two nested CCP documents in one tab have one entry', async () => {
  const workspace = await stage.openCcp({ tabId: 1, url: 'https://acme.my.connect.aws/agent-app-v2/' })
  const nested = answering(await stage.openCcp({ tabId: 1, frameId: 3 }))
  await workspace.unload()
  await nested.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'tab_closed']])
})

test('two agents in two tabs have one entry each', async () => {
  const ada = answering(await stage.openCcp({ tabId: 1 }))
  const bob = await stage.openCcp({ tabId: 2, username: 'bob' })
  await ada.unload()
  await bob.unload()
  stage.browser.removeTab(1, true)
  stage.browser.removeTab(2, true)
  expect((await story()).sort()).toEqual([
    ['ada', 'accepted', 'call_answered', 'window_closed'],
    ['bob', 'unconfirmed', 'none', 'window_closed'],
  ])
})

test('a close changes nothing while another CCP of the agent is open', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  const other = await stage.openCcp({ tabId: 2 })
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['ada', 'not_needed', 'none', 'tab_closed']])
  expect([...ccp.streams.asked, ...other.streams.asked]).toEqual([])
})

test('a worker that was stopped before the close learns of it from the mailbox', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  stage.browser.stopWorker()
  await ccp.unload()
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'navigated_away']])
  expect([...stage.browser.local.items.keys()].filter((key) => key.startsWith('mail:'))).toEqual([])
})

test('a worker that is stopped before a close is final finalizes it when the alarm wakes it', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  await ccp.unload()
  await stage.settle()
  stage.browser.stopWorker()
  expect(await stage.entries()).toEqual([])
  expect(await story()).toEqual([['ada', 'unconfirmed', 'none', 'navigated_away']])
})

test('a renderer that dies without a close report is logged as a crash', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.vanish()
  expect(await story()).toEqual([['ada', 'unconfirmed', 'none', 'crashed']])
  expect(stage.browser.badge.text).toBe('1')
})

test('after a crash without a running worker, the next start finds out who is still there', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.become(STATES.lunch)
  await stage.settle()
  stage.browser.stopWorker()
  ccp.vanish()
  stage.browser.wake()
  expect(await story()).toEqual([['ada', 'not_needed', 'none', 'unknown']])
})

test('a killed browser is logged at its next start', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.browser.stopWorker()
  stage.browser.startBackground = null
  ccp.vanish()
  const next = await Stage.openAgain(stage)
  stage = next
  expect(await story()).toEqual([['ada', 'unconfirmed', 'none', 'browser_ended']])
})

test('a refusal by Connect is a failure: flagged, notified, and logged with its error', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.answer = { type: 'ThrottlingException', message: 'Slow down' }
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['ada', 'failed', 'call_answered', 'tab_closed']])
  expect(await stage.entries()).toMatchObject([{ error: { type: 'ThrottlingException', message: 'Slow down' } }])
  expect([...stage.browser.notices.values()]).toMatchObject([
    { title: 'notifyTitleFailed quoted Disponible', message: expect.stringMatching(/^notifyBodyFailed /) as string },
  ])
})

test('an instance that refused enqueueNextState is asked without it from then on', async () => {
  const first = await stage.openCcp({ tabId: 1 })
  first.streams.answer = { type: 'UnexpectedParameter', message: 'Unexpected key' }
  first.streams.contacts = [contact('chat', 'missed')]
  first.streams.become(STATES.available)
  await first.unload()
  stage.browser.removeTab(1)
  await stage.finalLog()
  expect(first.streams.asked.map(({ enqueue }) => enqueue)).toEqual([true, undefined])
  const second = answering(await stage.openCcp({ tabId: 2 }))
  second.streams.contacts = [contact('chat', 'missed')]
  second.streams.become(STATES.available)
  await stage.settle()
  await second.unload()
  expect(second.streams.asked.map(({ enqueue }) => enqueue)).toEqual([undefined])
})

test('an agent who is not routable keeps their state', async () => {
  const ccp = await stage.openCcp({ tabId: 1 })
  ccp.streams.become(STATES.lunch)
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(await story()).toEqual([['ada', 'not_needed', 'none', 'tab_closed']])
  expect(ccp.streams.asked).toEqual([])
})

test.each(['observe', 'off'])('%s mode reaches an open page, which then does nothing', async (mode) => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  stage.browser.own.set({ settings: { mode } })
  await stage.settle()
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(ccp.streams.asked).toEqual([])
  expect(await stage.finalLog()).toMatchObject([{ outcome: 'not_needed', reason: `mode_${mode}` }])
})

test('switching notifications off does not affect the flag', async () => {
  stage.browser.own.set({ settings: { notify: false } })
  const ccp = await stage.openCcp({ tabId: 1 })
  await ccp.unload()
  stage.browser.removeTab(1)
  await stage.finalLog()
  expect(stage.browser.notices.size).toBe(0)
  expect(stage.browser.badge.text).toBe('1')
})

test('after an update only the new bridge acts, and the document still has one entry', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  stage.browser.stopWorker()
  stage.browser.session.items.clear()
  ccp.retireScripts()
  stage.browser.wake()
  ccp.inject(true)
  await stage.pass(200)
  await ccp.unload()
  stage.browser.removeTab(1)
  expect(ccp.streams.asked).toHaveLength(1)
  expect(await story()).toEqual([['ada', 'accepted', 'call_answered', 'tab_closed']])
})

test('a page whose extension was removed closes like a stock page', async () => {
  const ccp = answering(await stage.openCcp({ tabId: 1 }))
  ccp.removeExtension()
  await ccp.unload()
  expect(ccp.streams.asked).toEqual([])
})

test('the close is logged exactly once, wherever the worker is killed', async () => {
  for (let calls = 0; calls < 40; calls += 1) {
    await stage.close()
    stage = await Stage.open()
    const ccp = answering(await stage.openCcp({ tabId: 1 }))
    const worker = stage.browser.wake()
    worker.callsLeft = calls
    await ccp.unload()
    stage.browser.removeTab(1)
    await stage.settle()
    // The next event in the browser starts another worker.
    stage.browser.wake()
    const log = await story()
    expect({ calls, log: log.map(([, outcome]) => outcome) }).toEqual({ calls, log: ['accepted'] })
  }
}, 60_000)
