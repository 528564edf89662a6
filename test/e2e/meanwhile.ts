import { flagsOf } from '../../src/domain/closes/flags'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import { Since } from './since'
import type { Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  storage: { session: { get(key: string): Promise<Record<string, unknown>> } }
  tabs: { query(filter: { url: string }): Promise<{ id: number }[]>; remove(id: number): Promise<void> }
}

/** What others do to an agent between a close and its confirmation, and pages that end in unusual ways. */
export function describeMeanwhile(name: BrowserName): void {
  let stage: Stage
  let since: Since

  beforeAll(async () => {
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      instance: { tenants: [{ alias: 'acme', agents: [{ username: 'alice' }], pagesMayBeKept: true }] },
    })
  }, 240_000)
  afterEach(() => stage.instance.faults.clear())
  afterAll(() => stage.close())

  const alice = () => stage.instance.agent('alice')
  const open = async (): Promise<Page> => {
    const page = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    since = await Since.now(stage)
    return page
  }
  const setByUs = (): string[] =>
    since
      .changes()
      .filter(({ cause }) => cause.by === 'api')
      .map(({ to }) => to.type)
  /** How many closes an agent was notified of when they came back. Firefox's notifications vanish by themselves. */
  const returnsNotified = (): Promise<number> =>
    stage.browser.extension.evaluateInBackground(async () => {
      const { notifiedReturns } = await chrome.storage.session.get('notifiedReturns')
      return Array.isArray(notifiedReturns) ? notifiedReturns.length : 0
    })
  const flags = async (): Promise<string[]> => (await stage.storedState()).flags.map(({ why }) => why)

  describe.each(BACKGROUND)('after a close that Connect has refused (background %s)', (background) => {
    /** The page is refused; before the background gets its second answer, somebody else acts. */
    async function closeWhile(meanwhile: () => void): Promise<void> {
      const { faults } = stage.instance
      const page = await open()
      faults.set({ operation: 'PutAgentState', origin: 'page', fail: { code: 'AccessDeniedException' } })
      const asked = faults.set({ operation: 'authorize', fail: { code: 'InternalServiceException' } })
      await stage.ready(page, background)
      await closeTabByKey(page)
      await until('the background to ask', () => asked.hits() > 0)
      meanwhile()
      asked.clear()
    }

    it('a status that a supervisor has chosen is left alone', async () => {
      await closeWhile(() => alice().set('not_routable', 'supervisor'))
      const written = await since.entry()
      expect(written.reason).toBe('state_changed')
      expect(written.outcome).not.toBe('confirmed')
      expect(setByUs()).toEqual([])
      expect(await flags()).toEqual([])
    })

    it('an agent whom somebody has made Available again is left alone, and flagged', async () => {
      await closeWhile(() => {
        alice().set('offline', 'supervisor')
        alice().set('routable', 'supervisor')
      })
      expect(await since.entry()).toMatchObject({ outcome: 'left_available', reason: 'superseded' })
      expect(setByUs()).toEqual([])
      expect(alice().state().type).toBe('routable')
      expect(await flags()).toEqual(['no_ccp'])
    })
  })

  it('navigating away is a close; the page that Back loads is a new CCP, whose agent is told that they are Offline', async () => {
    const page = await open()
    await stage.ready(page, 'awake')
    await page.evaluate(() => void Object.assign(window, { isFirst: true }))
    await page.navigate(stage.instance.url.other)
    await since.offline()
    expect(await since.entry()).toMatchObject({ outcome: 'confirmed', cause: 'navigated_away' })
    await page.driver.goBack()
    await stage.document('alice', ({ agent }) => agent?.state.type === 'offline')
    // Streams listens to `unload` in all of its versions, so no browser keeps such a page in the back/forward cache.
    expect(await page.evaluate(() => 'isFirst' in window)).toBe(false)
    await until('the notification', async () => (await returnsNotified()) === 1)
    expect(alice().state().type).toBe('offline')
    alice().set('routable')
    await stage.document('alice', ({ agent }) => agent?.state.type === 'routable')
    since = await Since.now(stage)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    await since.offline()
    expect(await since.entry()).toMatchObject({ outcome: 'confirmed' })
  })

  // Only Chromium can freeze a tab from outside.
  if (name === 'chromium') {
    it('a frozen tab that a script closes leaves nobody Available', async () => {
      const page = await open()
      await stage.ready(page, 'awake')
      const session = await page.driver.createCDPSession()
      await session.send('Page.setWebLifecycleState', { state: 'frozen' })
      await stage.browser.extension.evaluateInBackground(async () => {
        const [tab] = await chrome.tabs.query({ url: 'https://*/connect/ccp-v2*' })
        if (tab) await chrome.tabs.remove(tab.id)
      })
      await since.offline()
      expect(await since.entry()).toMatchObject({ outcome: 'confirmed' })
    })
  }

  it('a CCP address that shows no CCP is reported as unprotected', async () => {
    since = await Since.now(stage)
    const page = await stage.browser.newWindow(new URL('/connect/ccp-v2/nothing', stage.instance.url.ccp('v2')).href)
    const seesIt = async (path: string): Promise<void> => {
      const shown = await stage.browser.extension.openPage(path)
      await shown.waitFor(() => document.body.innerText.includes('Not protected'))
      await shown.discard()
    }
    // As soon as it has loaded, long before it has its entry.
    await seesIt('popup.html')
    expect(await stage.log()).toEqual(since.before)
    const [written] = await until('the entry', () => since.entries(), { timeout: 60_000 })
    expect(written).toMatchObject({ outcome: 'unprotected', reason: 'no_connect', username: '' })
    for (const path of ['popup.html', 'options.html#health']) await seesIt(path)
    await stage.ready(page, 'awake')
    await closeTabByKey(page)
    // For some seconds its late events could still bring an agent.
    const isFlagged = async () => flagsOf(await stage.storedState()).some(({ why }) => why === 'unprotected')
    await until('the flag', isFlagged, { timeout: 60_000 })
    const shown = await stage.browser.extension.openPage('popup.html')
    await shown.waitFor(() => document.body.innerText.includes('may still be Available'))
    await shown.discard()
    const back = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    expect(await isFlagged()).toBe(false)
    await back.discard()
  }, 240_000)
}
