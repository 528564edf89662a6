/** What becomes of the requests of a close: refused by the browser, put off by the instance, or shown late. */
import type { FakeDocument } from './fake-document'
import { Stage } from './stage'
import { STATES, wire } from './streams'

let stage: Stage
beforeEach(async () => {
  stage = await Stage.open()
})
afterEach(() => stage.close())

const story = async () => (await stage.finalLog()).map(({ outcome, evidence, reason }) => [outcome, evidence, reason])

async function closeTab(ccp: FakeDocument): Promise<void> {
  await ccp.unload()
  stage.browser.removeTab(1)
}

/** How many `keepalive` requests the browser of a page lets it have under way. */
const MOST = 12

describe('an instance that is busy, and shows changes late,', () => {
  const FOUR = 4
  async function closeBusy(): Promise<void> {
    const ccp = await stage.openCcp({ tabId: 1 })
    stage.instance.session = 'ada'
    stage.instance.state = wire(STATES.available)
    stage.instance.showsLateMs = 1_200
    for (let left = FOUR; left > 0; left -= 1) stage.instance.first.push(() => new Response('', { status: 503 }))
    await closeTab(ccp)
  }
  /** Lets time pass until the background has set Offline, and not as far as its next look. */
  async function passUntilSet(): Promise<void> {
    for (let left = 120; left > 0 && stage.instance.puts.length === 0; left -= 1) await stage.pass(500)
    expect(stage.instance.puts).toEqual(['offline'])
  }

  test('has the agent set Offline once it answers', async () => {
    await closeBusy()
    await stage.pass(4_000)
    expect(stage.instance.first.length).toBeLessThan(FOUR)
    expect(stage.instance.puts).toEqual([])
    await passUntilSet()
    expect(await story()).toEqual([['confirmed', 'set_by_background', null]])
    expect(stage.instance.puts).toEqual(['offline'])
  })

  test('leaves an agent Available who is back before it answers', async () => {
    await closeBusy()
    await stage.pass(4_000)
    expect(stage.instance.first.length).toBeLessThan(FOUR)
    await stage.openCcp({ tabId: 2 })
    expect(await story()).toEqual([['unconfirmed', 'none', 'agent_present']])
    expect(stage.instance.puts).toEqual([])
    expect(stage.instance.state?.type).toBe('routable')
  })

  test('leaves an agent Available who is back when Offline was set, but does not show yet', async () => {
    await closeBusy()
    await passUntilSet()
    const back = await stage.openCcp({ tabId: 2 })
    back.streams.answer = 'at once'
    back.streams.become({ ...STATES.offline, startTimestamp: new Date() })
    await stage.settle()
    expect(back.streams.asked.map(({ state }) => state)).toEqual(['routable'])
    expect((await stage.entries())[0]?.timeline.map(({ event }) => event)).toContain('undone')
    expect(stage.instance.puts).toEqual(['offline'])
  })
})

test('a page whose browser refuses its request says so in the entry, and the background sets Offline', async () => {
  // Nothing holds the page, so that it hears of the refusal at once.
  stage.browser.own.set({ settings: { holdMs: 0 } })
  await stage.settle()
  let underWay = 0
  const fetch = (_url: string, { keepalive = false }: RequestInit): Promise<Response> => {
    if (keepalive && underWay === MOST) return Promise.reject(new TypeError('Failed to fetch'))
    if (keepalive) underWay += 1
    return new Promise(() => undefined)
  }
  const ccp = await stage.openCcp({ tabId: 1, fetch })
  ccp.streams.connect.core.initSharedWorker({ authToken: 'token-of-ada', endpoint: '/api' })
  for (let left = MOST; left > 0; left -= 1) void ccp.window.fetch('/', { keepalive: true })
  stage.instance.session = 'ada'
  stage.instance.state = wire(STATES.available)
  await closeTab(ccp)
  const [entry, ...others] = await stage.finalLog()
  expect(others).toEqual([])
  expect(entry).toMatchObject({
    outcome: 'confirmed',
    evidence: 'set_by_background',
    error: { type: 'RequestNotSent' },
  })
  expect(stage.instance.puts).toEqual(['offline'])
})
