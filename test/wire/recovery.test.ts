import type { RecoveryUse } from '../../src/domain/settings'
import { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'
import type { Answer } from './streams'

// The first test loads and compiles every world.
jest.setTimeout(20_000)

let stage: Stage
let recovered: FakeDocument[]
/** What the recovery CCP finds. */
let finds: {
  username: string
  state: keyof typeof STATES
  answer: Answer
  contacts: object[]
  leads?: string
  /** What the instance shows the background, which it then no longer refuses. */
  shows?: keyof typeof STATES
}
let most: number

beforeEach(async () => {
  stage = await Stage.open()
  watch()
})
afterEach(() => stage.close())

const OURS = 'chrome-extension://the-extension/recovery.html'
const CCP = 'https://acme.my.connect.aws/ccp-v2/'
const MARK = 'ccp-signoff:recovers'

/** Plays the page of each CCP that the extension opens, and counts its simultaneous tabs. */
function watch(): void {
  recovered = []
  most = 0
  finds = { username: 'ada', state: 'available', answer: 'at once', contacts: [] }
  const { browser } = stage
  const pages = new Map<number, FakeDocument>()
  browser.onNavigated = (tabId, url) => {
    most = Math.max(most, [...browser.tabs.keys()].filter((id) => id > 100).length)
    const { leads } = finds
    const tab = browser.tabs.get(tabId)
    if (tab !== undefined && leads !== undefined) {
      tab.url = leads
      return
    }
    if (finds.shows !== undefined) {
      stage.instance.refusesExtensions = false
      stage.instance.state =
        finds.shows === 'available' ? wire(STATES.available) : wire(STATES[finds.shows], Date.now())
    }
    const page = new FakeDocument(browser, { tabId, url, username: finds.username })
    page.streams.answer = finds.answer
    page.streams.contacts = finds.contacts
    page.streams.become(STATES[finds.state])
    pages.set(tabId, page)
    recovered.push(page)
  }
  browser.onClosing = (tabId) => pages.get(tabId)?.end()
}

/** The topic of each notification that is shown, from the first word of its text. */
const toldOf = (): string[] =>
  [...stage.browser.notices.values()].map(({ message }) => String(message).split(' ')[0] ?? '')

const set = async (settings: object): Promise<void> => {
  stage.browser.own.set({ settings })
  await stage.settle()
}
const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])
const asked = (): string[] => recovered.flatMap(({ streams }) => streams.asked.map(({ state }) => state))
const ours = (): number[] => [...stage.browser.tabs.keys()].filter((id) => id > 100)

/** Closes a tab whose calls have no effect, in an instance that refuses the extension's calls. */
async function leave(recovery: RecoveryUse, settings: object = {}): Promise<FakeDocument> {
  await set({ recovery, ...settings })
  stage.browser.addTab(7, 'https://other.example/')
  const ccp = await stage.openCcp({ tabId: 1 })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  stage.instance.refusesExtensions = true
  await ccp.unload()
  stage.browser.removeTab(1)
  // A recovery is due after 10 s of refusals.
  await stage.pass(15_000)
  return ccp
}
/** The agent clicks on the only notification. */
async function click(): Promise<void> {
  const [id = ''] = stage.browser.notices.keys()
  stage.browser.wake().onNoticeClicked.emit(id)
  await stage.pass(5_000)
}

describe('a recovery CCP that may open by itself', () => {
  test.each([
    [{}, 'refused'],
    [{ directPath: 'page' }, 'forbidden'],
  ])('sets the agent Offline and closes again, as only its page reports (%o)', async (more, reason) => {
    await leave('open', more)
    expect(await story()).toEqual([['accepted', 'set_by_recovery', reason]])
    expect(asked()).toEqual(['offline'])
    expect(stage.browser.opened).toEqual([OURS])
    expect([most, ours()]).toEqual([1, []])
    expect([stage.browser.badge.text, stage.browser.notices.size]).toEqual(['', 0])
  })

  test('is followed by the instance’s answer, if it answers the background again', async () => {
    finds.shows = 'offline'
    await leave('open')
    expect(await story()).toEqual([['confirmed', 'asked', null]])
    expect(stage.instance.puts).toEqual([])
  })

  test('that reports Offline while the instance shows Available does not count', async () => {
    finds.shows = 'available'
    await leave('open')
    expect(await story()).toEqual([['unconfirmed', 'set_by_recovery', 'not_shown']])
    expect(stage.browser.badge.text).toBe('1')
  })

  test('is overtaken by the background, where the instance answers its next check while the CCP is open', async () => {
    // With this jitter that check falls into the second in which the CCP is open.
    stage.random = 0.4
    finds.shows = 'available'
    await leave('open')
    expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
    expect([stage.instance.puts, stage.browser.badge.text]).toEqual([['offline'], ''])
  })

  test('changes nothing for an agent who is already Offline', async () => {
    finds.state = 'offline'
    await leave('open')
    expect(await story()).toEqual([['accepted', 'snapshot', 'refused']])
    expect(asked()).toEqual([])
  })

  test.each([
    ['another agent', { username: 'bob' }, 'other_agent'],
    ['a state that somebody has chosen', { state: 'lunch' as const }, 'state_changed'],
    ['a contact', { contacts: [{ getType: () => 'chat', getStatus: () => ({ type: 'connected' }) }] }, 'contact'],
  ])('leaves %s untouched', async (_what, found, reason) => {
    finds = { ...finds, ...found }
    await leave('open')
    expect(await story()).toEqual([['unconfirmed', 'none', reason]])
    expect(asked()).toEqual([])
    expect(ours()).toEqual([])
  })

  test('that is refused reports so, and is not opened again', async () => {
    finds.answer = { type: 'InvalidStateException', message: 'No' }
    await leave('open')
    expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
    expect((await stage.entries())[0]?.error?.type).toBe('InvalidStateException')
    expect(stage.browser.opened).toEqual([OURS])
    expect(stage.browser.badge.text).toBe('1')
  })

  test.each([
    ['a sign-in page', 'https://acme.my.connect.aws/login'],
    ['an identity provider, whose address is hidden from the extension', ''],
  ])('that ends at %s is closed', async (_what, leads) => {
    finds.leads = leads
    await leave('open')
    expect(await story()).toEqual([['unconfirmed', 'none', 'signed_out']])
    expect(ours()).toEqual([])
    expect(stage.browser.badge.text).toBe('1')
  })

  test('that never answers is closed after half a minute', async () => {
    finds.answer = 'never'
    await leave('open')
    expect(ours()).toHaveLength(1)
    await stage.pass(31_000)
    expect(ours()).toEqual([])
    expect(await story()).toEqual([['unconfirmed', 'none', 'no_answer']])
  })

  test('that somebody closes is not opened again', async () => {
    finds.answer = 'never'
    await leave('open')
    stage.browser.removeTab(ours()[0] ?? 0)
    expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
    expect(stage.browser.opened).toEqual([OURS])
  })

  test('is closed if the agent opens their own CCP', async () => {
    finds.answer = 'never'
    await leave('open')
    await stage.openCcp({ tabId: 2 })
    await stage.pass(1_000)
    expect(ours()).toEqual([])
    expect(await story()).toEqual([['unconfirmed', 'none', 'agent_present']])
  })

  test('waits until the browser has a window', async () => {
    await set({ recovery: 'open' })
    const ccp = await stage.openCcp({ tabId: 1 })
    stage.instance.session = 'ada'
    stage.instance.refusesExtensions = true
    await ccp.unload()
    stage.browser.removeTab(1)
    await stage.pass(10_000)
    expect(stage.browser.opened).toEqual([])
    stage.browser.addTab(7, 'https://other.example/')
    stage.browser.wake().onWindowCreated.emit()
    expect(await story()).toEqual([['accepted', 'set_by_recovery', 'refused']])
  })

  test('is opened for one close after the other', async () => {
    await set({ recovery: 'open' })
    stage.browser.addTab(7, 'https://other.example/')
    const [one, two] = [await stage.openCcp({ tabId: 1 }), await stage.openCcp({ tabId: 2, username: 'bob' })]
    stage.instance.session = 'ada'
    stage.instance.refusesExtensions = true
    for (const [page, tabId] of [
      [one, 1],
      [two, 2],
    ] as const) {
      await page.unload()
      stage.browser.removeTab(tabId)
    }
    const told = (await story()).map(([outcome, evidence, reason]) => `${outcome} ${evidence} ${reason}`)
    expect(told.sort()).toEqual(['accepted set_by_recovery refused', 'unconfirmed none other_agent'])
    expect(stage.browser.opened).toHaveLength(2)
    expect(most).toBe(1)
  })
})

describe('if the agent is asked first', () => {
  test('nothing is opened until they click', async () => {
    await leave('ask')
    await stage.pass(60_000)
    expect(stage.browser.opened).toEqual([])
    expect(await stage.entries()).toEqual([])
    expect(toldOf()).toEqual(['notifyBodyRecovery'])
    await click()
    expect(await story()).toEqual([['accepted', 'set_by_recovery', 'refused']])
    const events = (await stage.entries())[0]?.timeline.map(({ event }) => event)
    expect(events?.filter((event) => event.startsWith('recovery'))).toEqual([
      'recovery_asked',
      'recovery_opened',
      'recovery_closed',
    ])
    expect(stage.browser.notices.size).toBe(0)
  })

  test('a second click does not open a second CCP', async () => {
    finds.answer = 'never'
    await leave('ask')
    const [id = ''] = stage.browser.notices.keys()
    for (let clicks = 0; clicks < 3; clicks += 1) stage.browser.wake().onButtonClicked.emit(id, 0)
    await stage.pass(5_000)
    expect(ours()).toHaveLength(1)
    expect(stage.browser.opened.filter((url) => url === OURS)).toHaveLength(1)
  })

  test('an offer expires, and the notification says that nothing could be done', async () => {
    await leave('ask')
    for (let minutes = 0; minutes < 31; minutes += 1) await stage.pass(60_000)
    expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
    expect(stage.browser.opened).toEqual([])
    expect(toldOf()).toEqual(['notifyBodyUnconfirmed'])
    // Its remaining notification opens a CCP permanently.
    await click()
    expect(stage.browser.opened).toEqual([CCP])
  })

  test('an agent who comes back is no longer asked', async () => {
    await leave('ask')
    await stage.openCcp({ tabId: 2 })
    expect(await story()).toEqual([['unconfirmed', 'none', 'agent_present']])
    expect([stage.browser.badge.text, stage.browser.notices.size]).toEqual(['', 0])
  })

  test('a changed setting ends the offer', async () => {
    await leave('ask')
    await set({ recovery: 'never' })
    await stage.openCcp({ tabId: 2, username: 'bob' })
    expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
  })
})

test('if recovery is forbidden, nothing is opened and nobody is asked', async () => {
  await leave('never')
  expect(await story()).toEqual([['unconfirmed', 'none', 'refused']])
  expect(toldOf()).toEqual(['notifyBodyUnconfirmed'])
  expect(stage.browser.opened).toEqual([])
})

test('a recovery CCP is neither a return of the agent nor, at its end, a close', async () => {
  finds.answer = 'never'
  await leave('open')
  await stage.pass(31_000)
  await stage.pass(60_000)
  const { state } = stage.browser.own.items.get('sessions') as { state: { documents: object; flags: object[] } }
  expect(state.documents).toEqual({})
  expect(state.flags).toHaveLength(1)
  expect(await stage.entries()).toHaveLength(1)
})

test.each(Array.from({ length: 24 }, (_, nth) => nth * 2))(
  'a worker that dies %i calls after the agent asked leaves one entry, at most one recovery, and no tab behind',
  async (calls) => {
    await leave('ask')
    const [id = ''] = stage.browser.notices.keys()
    const world = stage.browser.wake()
    world.onNoticeClicked.emit(id)
    world.callsLeft = calls
    await stage.pass(5_000)
    stage.browser.stopWorker()
    for (let minutes = 0; minutes < 3; minutes += 1) await stage.pass(60_000)
    // A click that was lost with its worker is repeated.
    if ((await stage.entries()).length === 0) await click()
    const entries = await stage.finalLog()
    expect(entries).toHaveLength(1)
    // A worker that died meanwhile may or may not have opened one; as that is unknown, no other one is opened.
    expect(stage.browser.opened.length).toBeLessThanOrEqual(1)
    expect([ours(), most <= 1]).toEqual([[], true])
    if (entries[0]?.evidence === 'set_by_recovery') expect(asked()).toEqual(['offline'])
  },
)

test('no tab is closed for a mark that its page invented, or for a genuine one in a frame', async () => {
  finds.answer = 'never'
  await leave('open')
  const genuine = stage.browser.tabs.get(ours()[0] ?? 0)?.storage.get(MARK)
  expect(genuine).toMatch(/^[\da-f-]{36}$/)
  const marks = { 8: crypto.randomUUID(), 9: genuine ?? '', 10: genuine ?? '' }
  for (const [tabId, mark] of Object.entries(marks)) {
    stage.browser.addTab(Number(tabId), CCP)
    stage.browser.tabs.get(Number(tabId))?.storage.set(MARK, mark)
  }
  new FakeDocument(stage.browser, { tabId: 8 })
  new FakeDocument(stage.browser, { tabId: 9, frameId: 3 })
  // A top document with the mark of a recovery CCP is a left-over recovery CCP.
  new FakeDocument(stage.browser, { tabId: 10 })
  await stage.pass(5_000)
  expect([8, 9, 10].filter((tabId) => stage.browser.tabs.has(tabId))).toEqual([8, 9])
})

test('a recovery CCP that the browser restores from an ended run is closed', async () => {
  finds.answer = 'never'
  await leave('open')
  const [left = 0] = ours()
  const storage = stage.browser.tabs.get(left)?.storage ?? new Map<string, string>()
  stage.browser.startBackground = null
  stage.browser.stopWorker()
  const next = await Stage.openAgain(stage)
  stage = next
  next.instance.session = 'ada'
  next.instance.refusesExtensions = true
  next.browser.addTab(9, CCP)
  for (const [key, value] of storage) next.browser.tabs.get(9)?.storage.set(key, value)
  new FakeDocument(next.browser, { tabId: 9 })
  await stage.pass(5_000)
  expect([...next.browser.tabs.keys()]).toEqual([])
  expect(await story()).toHaveLength(1)
})
