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
/** First `beforeunload` for all, then the end of all: as when a window is closed, or the browser quits. */
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
/** The instance carries out a page's request. */
const becomeOffline = (): void => {
  stage.instance.state = wire(STATES.offline, Date.now())
}
const removeTabs = (count: number): void => {
  for (let tabId = 1; tabId <= count; tabId += 1) stage.browser.removeTab(tabId, true)
}

test('a sign-in window that closes as soon as its agent appears defers to the open CCP', async () => {
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

test('closed one after the other, only the last one sets the agent Offline', async () => {
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

test.each(['awake', 'stopped'])(
  'closed together with their window, only the last one sets the agent Offline (background %s)',
  async (background) => {
    const ccps = await open({}, {}, {})
    if (background === 'stopped') stage.browser.stopWorker()
    await goTogether(ccps)
    removeTabs(3)
    expect(asked(ccps)).toEqual([0, 0, 1])
    becomeOffline()
    expect(await story()).toEqual([LEFT, LEFT, ['confirmed', 'asked']])
  },
)

test('if none could know of the others’ close in time, the first one sets Offline as it goes', async () => {
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
  // Its answer arrives when no page is left to receive it.
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
})

test('a page left by a recognized reload does not act in pagehide', async () => {
  stage.browser.own.set({ settings: { reload: 'keep' } })
  const [ccp] = await open({})
  await ccp?.unload()
  const back = await stage.openCcp({ tabId: 1, navigationType: 'reload' })
  expect(asked([ccp as FakeDocument, back])).toEqual([0, 0])
  expect(await story()).toEqual([['not_needed', 'reload']])
})

test('while one CCP reloads, the close of another changes nothing', async () => {
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

test('a private window learns of other CCPs from the background only', async () => {
  const ccps = await open({}, { incognito: true })
  await ccps[0]?.unload()
  stage.browser.removeTab(1)
  await stage.settle()
  await ccps[1]?.unload()
  stage.browser.removeTab(2)
  expect(asked(ccps)).toEqual([0, 1])
  expect(await story()).toEqual([LEFT, ['accepted', 'separate_cookies']])
})

test('if no page could learn of the others, the background sets Offline after the last one', async () => {
  const ccps = await open({ partition: 'crm-a' }, { partition: 'crm-b' })
  stage.browser.stopWorker()
  for (const ccp of ccps) await ccp.unload()
  removeTabs(2)
  expect(asked(ccps)).toEqual([0, 0])
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
})

test('if the browser ended with them, its next start sets Offline, with one correct entry each', async () => {
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

test('a CCP that crashed while no worker ran no longer counts once a worker has asked it', async () => {
  const [first, second] = await open({}, {})
  stage.browser.stopWorker()
  first?.vanish()
  await second?.unload()
  stage.browser.removeTab(2)
  expect(await story()).toEqual([LEFT, ['confirmed', 'set_by_background']])
})

test('a CCP that stays after all counts as open again: the next close of the other changes nothing', async () => {
  const ccps = await open({}, {})
  ccps[0]?.beforeUnload()
  await stage.pass(40_000)
  await ccps[1]?.unload()
  stage.browser.removeTab(2)
  expect(asked(ccps)).toEqual([0, 0])
  expect(await story()).toEqual([LEFT, LEFT])
})

test('an agent who becomes Available again elsewhere is left alone', async () => {
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
