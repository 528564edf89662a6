import type { PageCapabilities } from '../../src/domain/capabilities'
import type { LogEntry } from '../../src/domain/log-entry'
import type { Settings } from '../../src/domain/settings'
import type { Page } from '../browser'
import { closeTabByKey, reloadByKey, until } from '../browser'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import { Since } from './since'
import type { Stage } from './stage'
import { openStage } from './stage'

const TENANTS = [
  { alias: 'acme', agents: [{ username: 'alice' }] },
  // Framed by another site: its cookies are in that site's own jar.
  { alias: 'northwind', agents: [{ username: 'nora' }], cookiePartitioned: true },
]

/** The Offline request that Chromium holds, and sends if the renderer dies, as the instance recorded it. */
export function describeCrashProtection(): void {
  let stage: Stage
  let since: Since
  let isRemoved = false

  beforeAll(async () => {
    stage = await openStage({ browser: 'chromium', extensionDir: shipped('chromium'), instance: { tenants: TENANTS } })
  }, 240_000)
  afterEach(async () => {
    stage.instance.faults.clear()
    stage.instance.network.roundTrip(0)
    stage.instance.network.reuseConnections(true)
    if (!isRemoved) await set({ deadMansSwitch: true })
  })
  afterAll(() => stage.close())

  const ccp = (): string => stage.instance.url.ccp('v1', { signInAs: 'alice' })
  const crm = (): string => stage.instance.url.crm({ alias: 'northwind', signInAs: 'nora' })
  const set = (settings: Partial<Settings>): Promise<void> => storeSettings(stage.browser, settings)
  /** Opens the CCP with an Available agent, and waits until the crash protection has this status. */
  async function open(
    url: string,
    is: PageCapabilities['deadMansSwitch'],
    who = 'alice',
    alias = 'acme',
  ): Promise<Page> {
    const page = await stage.openAvailable(url, { username: who, alias })
    await stage.document(who, ({ capabilities }) => capabilities?.deadMansSwitch === is)
    since = await Since.now(stage)
    return page
  }
  /** The only new entry. Wakes a background that was stopped before the renderer died: its alarm would take up to a minute. */
  async function entry(): Promise<LogEntry> {
    await stage.browser.extension.evaluateInBackground(() => undefined)
    return since.entry()
  }
  /** Kills the renderer while only the browser could set the state. Its tab stays, since closing it is unreliable. */
  async function kill(page: Page): Promise<void> {
    stage.instance.faults.set({
      operation: 'PutAgentState',
      origin: 'extension',
      fail: { code: 'AccessDeniedException' },
    })
    await stage.ready(page, 'stopped')
    await stage.browser.killRenderer(page)
  }

  /** How many `pagehide` listeners the page has: a detached bridge has removed its own. */
  async function unloadListeners(page: Page): Promise<number> {
    const session = await page.driver.createCDPSession()
    const { result } = await session.send('Runtime.evaluate', { expression: 'window' })
    const { listeners } = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId ?? '' })
    await session.detach()
    return listeners.filter(({ type }) => type === 'pagehide').length
  }

  it.each([
    [0, true],
    [250, false],
  ])('sets the agent of a killed renderer Offline (round trip %i ms, connections kept: %p)', async (ms, reuse) => {
    const page = await open(ccp(), 'armed')
    stage.instance.network.roundTrip(ms)
    stage.instance.network.reuseConnections(reuse)
    await kill(page)
    await since.offline()
    expect(since.requests('PutAgentState')).toHaveLength(1)
    expect(await entry()).toMatchObject({ outcome: 'confirmed', evidence: 'asked', event: null })
  })

  it('is logged by a background that was stopped at that moment, which its alarm wakes', async () => {
    const page = await open(ccp(), 'armed')
    await kill(page)
    await since.offline()
    expect(await since.entry()).toMatchObject({ outcome: 'confirmed', evidence: 'asked', event: null })
  })

  it('does the same for a CCP in another site’s frame', async () => {
    const page = await open(crm(), 'armed', 'nora', 'northwind')
    const frame = await page.frame('northwind')
    expect(frame.url()).toContain('northwind')
    await kill(page)
    await since.offline('nora')
    expect(await entry()).toMatchObject({ framed: true })
  })

  it('is refused if the site around the CCP forbids it, which is reported, and a close works as before', async () => {
    const url = stage.instance.url.crm({ alias: 'northwind', signInAs: 'nora', forbidsLater: true })
    const page = await open(url, 'refused', 'nora', 'northwind')
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await since.offline('nora')
    expect((await entry()).framed).toBe(true)
  })

  it('sends nothing after a reload: the agent who is back keeps their status', async () => {
    const page = await open(ccp(), 'armed')
    await stage.ready(page, 'awake')
    await reloadByKey(page)
    await stage.document('alice', ({ capabilities, navigationType }) => {
      return navigationType === 'reload' && capabilities?.deadMansSwitch === 'armed'
    })
    await since.entries()
    // Anything that the old document could still send would arrive before the requests of the new one.
    await closeTabByKey(page)
    await since.offline()
    await since.entries(2)
    expect(since.requests('PutAgentState').length).toBeLessThanOrEqual(2)
  })

  it('sends nothing after a navigation', async () => {
    const page = await open(ccp(), 'armed')
    await stage.ready(page, 'awake')
    await page.navigate(stage.instance.url.other)
    await since.offline()
    await entry()
    expect(since.requests('PutAgentState').length).toBeLessThanOrEqual(2)
    await page.discard()
  })

  it('is not armed for an agent who is not routable', async () => {
    const page = await open(ccp(), 'armed')
    stage.instance.agent('alice').set('Lunch')
    await stage.document('alice', ({ capabilities }) => capabilities?.deadMansSwitch === 'ready')
    await kill(page)
    expect(await entry()).toMatchObject({ outcome: 'not_needed' })
    expect(since.requests('PutAgentState')).toEqual([])
    expect(stage.instance.agent('alice').state().name).toBe('Lunch')
  })

  it('is not armed while another CCP of the agent is open, and armed once that CCP has gone', async () => {
    const first = await open(ccp(), 'armed')
    const second = await stage.browser.newWindow(ccp())
    await until('both to be disarmed', async () => {
      const docs = Object.values((await stage.storedState()).documents).filter((doc) => doc.gone === null)
      return docs.length === 2 && docs.every(({ capabilities }) => capabilities?.deadMansSwitch === 'ready')
    })
    since = await Since.now(stage)
    await stage.ready(second, 'awake')
    await closeTabByKey(second)
    await stage.document('alice', ({ capabilities }) => capabilities?.deadMansSwitch === 'armed')
    // The first close has changed nothing; the second one does, although only the crash protection can act.
    expect(since.requests('PutAgentState')).toEqual([])
    await since.entries()
    since = await Since.now(stage)
    await kill(first)
    await since.offline()
    expect(await entry()).toMatchObject({ outcome: 'confirmed' })
  })

  it('is not armed if it is switched off', async () => {
    const page = await open(ccp(), 'armed')
    await set({ deadMansSwitch: false, recovery: 'never' })
    await stage.document('alice', ({ capabilities }) => capabilities?.deadMansSwitch === 'forbidden')
    await kill(page)
    // Nobody could set the state, and the log says so.
    expect((await entry()).outcome).not.toBe('confirmed')
    expect(since.requests('PutAgentState').filter(({ details }) => details.origin?.startsWith('https:'))).toEqual([])
  })

  it('sends nothing after the extension has been removed', async () => {
    const page = await open(ccp(), 'armed')
    const listeners = await unloadListeners(page)
    await stage.browser.uninstallExtension()
    isRemoved = true
    await until('the bridge to come off', async () => (await unloadListeners(page)) < listeners)
    await stage.browser.killRenderer(page)
    // Anything that the dead page could still send would arrive before the requests of another page.
    const other = await stage.browser.newWindow(ccp())
    await other.waitFor(() => document.body.dataset['stateType'] === 'routable')
    expect(since.requests('PutAgentState')).toEqual([])
    expect(stage.instance.agent('alice').state().type).toBe('routable')
  })
}
