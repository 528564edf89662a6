/** Several CCPs of one agent in one browser: the last one counts. */
import type { FakeDocument, Place } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
})
afterEach(() => stage.close())

const LEFT = ['not_needed', 'other_ccp']
const story = async () =>
  (await stage.finalLog())
    .map(({ outcome, reason, evidence }) => [outcome, reason ?? evidence])
    .sort((a, b) => b.join().localeCompare(a.join()))

async function open(...places: readonly Omit<Place, 'tabId'>[]): Promise<FakeDocument[]> {
  const opened: FakeDocument[] = []
  for (const place of places) {
    const ccp = await stage.openCcp({ tabId: opened.length + 1, ...place })
    ccp.streams.answer = 'at once'
    opened.push(ccp)
  }
  return opened
}
const asked = (ccps: readonly FakeDocument[]): number[] => ccps.map(({ streams }) => streams.asked.length)
const turn = async (): Promise<void> => {
  for (let turns = 0; turns < 5; turns += 1) await Promise.resolve()
}
/** All are asked whether they may go, and then all go: as with a window that is closed, or a quit. */
async function goTogether(ccps: readonly FakeDocument[]): Promise<void> {
  for (const ccp of ccps) {
    ccp.beforeUnload()
    await turn()
  }
  for (const ccp of ccps) {
    ccp.end()
    await turn()
  }
}
/** The instance does what a page has asked for. */
const becomeOffline = (): void => {
  stage.instance.state = wire(STATES.offline, Date.now())
}
const removeTabs = (count: number): void => {
  for (let tabId = 1; tabId <= count; tabId += 1) stage.browser.removeTab(tabId, true)
}

test('a window that closes itself as soon as its agent shows, as one to sign in does, leaves them to the CCP that is open', async () => {
  const ccps = await open({})
  const popup = await stage.openBare(2)
  popup.window.connect = popup.streams.connect
  // The bridge finds Streams, and the page goes before anybody could answer.
  jest.advanceTimersByTime(100)
  await popup.unload()
  stage.browser.removeTab(2)
  expect(await story()).toEqual([LEFT])
  expect(asked([...ccps, popup])).toEqual([0, 0])
  expect(stage.instance.puts).toEqual([])
})

test('closed one after the other, the last one sets the agent Offline, and no other', async () => {
  const ccps = await open({}, {}, {})
  for (const [index, ccp] of ccps.entries()) {
    await ccp.unload()
    stage.browser.removeTab(index + 1)
    await stage.settle()
  }
  expect(asked(ccps)).toEqual([0, 0, 1])
  becomeOffline()
  expect(await story()).toEqual([LEFT, LEFT, ['confirmed', 'asked']])
})

test.each(['awake', 'stopped'])('together with their window, so does the last (background %s)', async (background) => {
  const ccps = await open({}, {}, {})
  if (background === 'stopped') stage.browser.stopWorker()
  await goTogether(ccps)
  removeTabs(3)
  expect(asked(ccps)).toEqual([0, 0, 1])
  becomeOffline()
  expect(await story()).toEqual([LEFT, LEFT, ['confirmed', 'asked']])
})

test('where all were asked before any could hear of it, the first to go sees to it, and the others know', async () => {
  const ccps = await open({}, {})
  stage.browser.stopWorker()
  for (const ccp of ccps) ccp.beforeUnload()
  await turn()
  for (const ccp of ccps) {
    ccp.end()
    await turn()
  }
  removeTabs(2)
  expect(asked(ccps)).toEqual([1, 0])
  // Its answer comes when nobody is left to hear it.
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
})

test('a page that was left by a reload key does not take over as it goes', async () => {
  stage.browser.own.set({ settings: { reload: 'keep' } })
  const [ccp] = await open({})
  await ccp?.unload()
  const back = await stage.openCcp({ tabId: 1, navigationType: 'reload' })
  expect(asked([ccp as FakeDocument, back])).toEqual([0, 0])
  expect(await story()).toEqual([['not_needed', 'reload']])
})

test('while one is loaded anew, the close of another changes nothing', async () => {
  stage.browser.own.set({ settings: { reload: 'keep' } })
  const ccps = await open({}, {})
  await ccps[0]?.unload()
  stage.browser.own.set({ settings: { reload: 'recognised' } })
  await stage.settle()
  await ccps[1]?.unload()
  stage.browser.removeTab(2)
  await stage.openCcp({ tabId: 1, navigationType: 'reload' })
  expect(asked(ccps)).toEqual([0, 0])
  expect(await story()).toEqual([['not_needed', 'reload'], LEFT])
  expect(stage.instance.puts).toEqual([])
})

test('a private window hears of others from the background alone', async () => {
  const ccps = await open({}, { incognito: true })
  await ccps[0]?.unload()
  stage.browser.removeTab(1)
  await stage.settle()
  await ccps[1]?.unload()
  stage.browser.removeTab(2)
  expect(asked(ccps)).toEqual([0, 1])
  expect(await story()).toEqual([LEFT, ['accepted', 'separate_cookies']])
})

test('where no page could hear of the others, the background sees to the last', async () => {
  const ccps = await open({ partition: 'crm-a' }, { partition: 'crm-b' })
  stage.browser.stopWorker()
  for (const ccp of ccps) await ccp.unload()
  removeTabs(2)
  expect(asked(ccps)).toEqual([0, 0])
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
})

test('where the browser has ended with them, the next start does, with one true entry for each', async () => {
  const ccps = await open({ partition: 'crm-a' }, { partition: 'crm-b' })
  for (const ccp of ccps) ccp.beforeUnload()
  stage.browser.startBackground = null
  stage.browser.stopWorker()
  const next = await Stage.openAgain(stage)
  next.instance.session = 'ada'
  next.instance.state = wire(STATES.available)
  stage = next
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
  expect(next.instance.puts).toEqual(['offline'])
})

test('one whose process died while no worker ran is no other CCP once a worker has asked', async () => {
  const [first, second] = await open({}, {})
  stage.browser.stopWorker()
  first?.vanish()
  await second?.unload()
  stage.browser.removeTab(2)
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
})

test('one that stays after all is another CCP again: the next close of the other changes nothing', async () => {
  const ccps = await open({}, {})
  ccps[0]?.beforeUnload()
  await stage.pass(40_000)
  await ccps[1]?.unload()
  stage.browser.removeTab(2)
  expect(asked(ccps)).toEqual([0, 0])
  expect(await story()).toEqual([LEFT, LEFT])
})

test('somebody who sets the agent Available again elsewhere is not fought', async () => {
  const ccps = await open({})
  await ccps[0]?.unload()
  stage.browser.removeTab(1)
  becomeOffline()
  expect(await story()).toEqual([['confirmed', 'asked']])
  stage.instance.state = wire(STATES.available, Date.now())
  await stage.pass(120_000)
  expect(stage.instance.puts).toEqual([])
  expect(await story()).toEqual([['confirmed', 'asked']])
})
