/** Who opens a CCP again after a close stays Offline, is told so, and has their status back with one click. */
import type { Status } from '../../src/protocol/ui-messages'
import type { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  Object.assign(stage.instance, { session: 'ada', state: wire(STATES.available) })
})
afterEach(() => stage.close())

const documents = async () => (await stage.askAsPopup<Status>({ type: 'get_status' })).documents
const offer = async () => (await documents()).at(-1)?.returnOffer
const notices = () => [...stage.browser.notices].filter(([id]) => id.startsWith('return:'))
const lastSteps = async () => (await stage.entries())[0]?.timeline.map(({ event }) => event)

/** A CCP whose requests take effect at the instance. */
function working(ccp: FakeDocument): FakeDocument {
  ccp.streams.answer = 'at once'
  ccp.streams.onTaken = (state) => {
    stage.instance.state = wire(state, Date.now())
  }
  return ccp
}
/** Opens a CCP whose agent has been Offline for so long. */
async function openOffline(tabId: number, forMs: number, navigationType = 'navigate'): Promise<FakeDocument> {
  const state = { ...STATES.offline, startTimestamp: new Date(Date.now() - forMs) }
  return working(await stage.openCcp({ tabId, navigationType, state }))
}
/** Closes a CCP, and opens another in a new tab: its agent is as the instance has them. */
async function comeBack(afterMs = 5_000): Promise<FakeDocument> {
  const ccp = working(await stage.openCcp({ tabId: 1 }))
  await ccp.unload()
  stage.browser.removeTab(1)
  await stage.pass(afterMs)
  expect(await stage.entries()).toMatchObject([{ outcome: 'confirmed' }])
  return openOffline(2, afterMs)
}

test('the notification’s button restores the status, through the page that the agent has opened', async () => {
  const next = await comeBack()
  expect(await offer()).toMatchObject({ is: 'offered', stateBefore: { type: 'routable' } })
  expect(notices()).toMatchObject([[expect.anything(), { title: 'awayToldTitle' }]])
  const [[id] = ['']] = notices()
  stage.browser.wake().onButtonClicked.emit(id, 0)
  await stage.pass(1_000)
  expect(next.streams.asked).toEqual([{ state: 'routable', enqueue: undefined }])
  expect(next.streams.state.type).toBe('routable')
  expect([await offer(), notices()]).toEqual([null, []])
  expect(await lastSteps()).toContain('given_back')
})

test('the popup does the same, and says when Connect refuses', async () => {
  const next = await comeBack()
  next.streams.answer = { type: 'ThrottlingException', message: '' }
  const docId = (await documents()).at(-1)?.docId
  await stage.askAsPopup({ type: 'take_return', docId })
  await stage.pass(1_000)
  expect(next.streams.asked).toEqual([{ state: 'routable', enqueue: undefined }])
  expect(await offer()).toMatchObject({ is: 'refused', error: 'ThrottlingException' })
})

test('who comes back after a break is told in the popup alone', async () => {
  await comeBack(20 * 60_000)
  expect(await offer()).toMatchObject({ is: 'offered' })
  expect(notices()).toEqual([])
})

test('a click beside the button only shows the CCP', async () => {
  const next = await comeBack()
  const [[id] = ['']] = notices()
  stage.browser.wake().onNoticeClicked.emit(id)
  await stage.pass(1_000)
  expect(next.streams.asked).toEqual([])
  expect(notices()).toEqual([])
  expect(await offer()).toMatchObject({ is: 'offered' })
})

test('the notification stands while the offer does, in whatever CCP', async () => {
  await comeBack()
  await openOffline(3, 6_000)
  expect(notices()).toHaveLength(1)
})

test('nobody is notified twice', async () => {
  await comeBack()
  const [[id] = ['']] = notices()
  stage.browser.notices.delete(id)
  await openOffline(3, 6_000)
  expect(await offer()).toMatchObject({ is: 'offered' })
  expect(notices()).toEqual([])
})

test('after a reload, whose status is being restored by itself, nothing is offered', async () => {
  await working(await stage.openCcp({ tabId: 1 })).unload()
  const next = await openOffline(1, 0, 'reload')
  expect(notices()).toEqual([])
  await stage.pass(5_000)
  expect(next.streams.asked).toEqual([{ state: 'routable', enqueue: undefined }])
  expect([await offer(), notices()]).toEqual([null, []])
})
