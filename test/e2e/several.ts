import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, closeWindowByKey, quitByKey, until } from '../browser'
import { shipped } from './builds'
import type { Background, Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  tabs: {
    query(
      what: { active: true; lastFocusedWindow: true } | { url: string },
    ): Promise<{ id: number; windowId: number }[]>
    remove(ids: readonly number[]): Promise<unknown>
    create(what: { windowId: number }): Promise<unknown>
    duplicate(id: number): Promise<unknown>
    discard(id: number): Promise<unknown>
  }
  windows: { create(what: { tabId: number }): Promise<unknown> }
}

const TENANTS = [
  // Sessions that outlive the browser, so that its next start can ask.
  { alias: 'acme', agents: [{ username: 'alice' }], cookieMaxAgeSeconds: 3600 },
  { alias: 'northwind', agents: [{ username: 'nora' }], cookieMaxAgeSeconds: 3600, cookiePartitioned: true },
]
const PATIENCE = { timeoutMs: 30_000 }
const LEFT = 'not_needed, other_ccp'

/** Several CCPs of one agent in one browser: the agent goes Offline with the last of them, and not before. */
export function describeSeveral(name: BrowserName): void {
  let stage: Stage
  let profileDir: string
  let mark = 0
  let before: LogEntry[] = []

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    stage = await openStage({ browser: name, extensionDir: shipped(name), profileDir, instance: { tenants: TENANTS } })
  }, 240_000)
  afterEach(() => stage.instance.network.roundTrip(0))
  afterAll(async () => {
    await stage.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  const ccp = (generation: 'v1' | 'v2' = 'v1', more: object = {}): string =>
    stage.instance.url.ccp(generation, { signInAs: 'alice', ...more })

  const openOnes = async (who = 'alice') =>
    Object.values((await stage.storedState()).documents).filter(
      ({ gone, closing, agent }) => gone === null && closing === null && agent?.username === who,
    )
  /** Waits until this many CCPs are known to be open, and each knows of the others. */
  const known = (count: number, who = 'alice'): Promise<boolean> =>
    until(`${count} CCPs to be known`, async () => {
      const docs = await openOnes(who)
      const isTold = docs.every(({ capabilities }) => count === 1 || capabilities?.deadMansSwitch !== 'armed')
      return docs.length === count && docs.every(({ agent }) => agent?.state.type === 'routable') && isTold
    })
  /** Opens CCPs, the first in its own window, with the agent Available, and starts watching. */
  async function open(first: string, ...others: readonly (readonly ['tab' | 'window', string])[]): Promise<Page[]> {
    const pages = [await stage.openAvailable(first)]
    for (const [where, url] of others) {
      pages.push(await (where === 'tab' ? stage.browser.newTab(url) : stage.browser.newWindow(url)))
    }
    await known(pages.length)
    await watch()
    return pages
  }
  async function watch(): Promise<void> {
    before = await stage.log()
    mark = stage.instance.journal.mark()
  }
  const changes = (who = 'alice') =>
    stage.instance.journal.states.filter(({ seq, agent }) => seq > mark && agent === who)
  const offline = (agent = 'alice') =>
    stage.instance.journal.waitForState({ agent, type: 'offline' }, { ...PATIENCE, after: mark })
  const outcomes = (entries: readonly LogEntry[]): string[] =>
    entries
      .map(({ outcome, reason }) => (outcome === 'confirmed' ? outcome : `${outcome}, ${reason}`))
      .sort()
      .reverse()
  /** The outcomes of this many closes, which must be all. */
  async function told(count: number): Promise<string[]> {
    const entries = await stage.newEntries(before, count)
    expect(entries).toHaveLength(count)
    return outcomes(entries)
  }
  /** Closes one of several, and expects that nothing changes. */
  async function closeOneOf(page: Page, background: Background = 'awake', who = 'alice'): Promise<void> {
    await watch()
    await stage.ready(page, background)
    await closeTabByKey(page)
    expect(await told(1)).toEqual([LEFT])
    expect(changes(who)).toEqual([])
  }
  async function closeLast(page: Page, background: Background = 'awake'): Promise<void> {
    await watch()
    await stage.ready(page, background)
    await closeTabByKey(page)
    await offline()
    expect(await told(1)).toEqual(['confirmed'])
  }
  /** Closes that came together: at least one was confirmed, and the others were deferred to another CCP. */
  async function toldTogether(count: number): Promise<void> {
    const entries = await told(count)
    expect(entries).toContain('confirmed')
    expect(entries.filter((entry) => entry !== 'confirmed' && entry !== LEFT)).toEqual([])
  }
  /** Does something to the tab in front, through the extension's API. */
  async function toTabInFront(page: Page, what: 'duplicate' | 'drag'): Promise<void> {
    await page.toFront()
    await stage.browser.extension.evaluateInBackground(async (deed: string) => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true })
      if (tab === undefined) throw new Error('No tab is in front')
      await (deed === 'drag' ? chrome.windows.create({ tabId: tab.id }) : chrome.tabs.duplicate(tab.id))
    }, what)
  }

  it('v1 and v2, in a tab and a window, at both hosts: the last one counts, in any order', async () => {
    const more = [['tab', ccp('v2')] as const, ['window', ccp('v1', { host: 'modern' })] as const]
    const [first, second, third] = (await open(ccp(), ...more)) as [Page, Page, Page]
    await closeOneOf(second, 'stopped')
    await closeOneOf(third)
    await closeLast(first, 'stopped')
  })

  it('a window with two CCPs sets the agent Offline as it closes', async () => {
    const [, last] = (await open(ccp(), ['tab', ccp('v2')])) as [Page, Page]
    await stage.ready(last, 'stopped')
    await closeWindowByKey(last)
    await offline()
    await toldTogether(2)
  })

  it('a window with three CCPs, which close in quick succession, sets the agent Offline', async () => {
    const [, , last] = (await open(ccp(), ['tab', ccp()], ['tab', ccp()])) as [Page, Page, Page]
    await stage.ready(last, 'stopped')
    // With their window: three presses of Ctrl+W are not reliable, since a window that has just lost a tab may miss
    // one.
    await closeWindowByKey(last)
    await offline()
    await toldTogether(3)
  })

  it('three CCPs that the browser closes at once, one of them in another window, set the agent Offline', async () => {
    const [first] = (await open(ccp(), ['tab', ccp('v2')], ['window', ccp()])) as [Page]
    await stage.ready(first, 'awake')
    await stage.browser.extension.evaluateInBackground(async () => {
      const tabs = await chrome.tabs.query({ url: 'https://*.awsapps.com/connect/ccp*' })
      await chrome.tabs.remove(tabs.map(({ id }) => id))
    })
    await offline()
    await toldTogether(3)
  })

  it.each([
    [0, 'awake'],
    [250, 'stopped'],
  ] as const)(
    'a quit with two CCP windows sets the agent Offline, at a round trip of %i ms (background %s)',
    async (ms, background) => {
      const [first] = (await open(ccp(), ['window', ccp('v2')])) as [Page, Page]
      stage.instance.network.roundTrip(ms)
      await stage.leaveStore()
      await stage.ready(first, background)
      await quitByKey(stage.browser, first)
      await stage.restart()
      // By a page, or by this start.
      await offline()
      await toldTogether(2)
      expect(stage.instance.agent('alice').state().type).toBe('offline')
    },
  )

  it('a duplicated tab, and one dragged out into its own window, are CCPs like any other', async () => {
    const [page] = (await open(ccp())) as [Page]
    await toTabInFront(page, 'duplicate')
    await known(2)
    await toTabInFront(page, 'drag')
    await closeOneOf(page)
    await closeLast(await stage.browser.pageAt('/connect/ccp'))
  })

  it('a log-out in one CCP ends the work in all: Offline comes first, and nobody is flagged', async () => {
    const [page, other] = (await open(ccp(), ['window', ccp()])) as [Page, Page]
    await stage.ready(page, 'awake')
    await page.click('#logout')
    const { seq } = await offline()
    const out = await stage.instance.journal.waitFor((each) => each.kind === 'session' && each.event === 'sign-out', {
      ...PATIENCE,
      after: mark,
    })
    expect(out.seq).toBeGreaterThan(seq)
    const entries = await stage.newEntries(before, 2)
    expect(entries).toHaveLength(2)
    // Without the session the background cannot look: the pages' reports are all there is.
    const ended = entries.map(({ cause, outcome }) => [cause, outcome])
    expect(ended).toContainEqual(['logged_out', 'accepted'])
    // Streams hears of the log-out or, before that, of a refused token; it reloads the other CCP for either (seen).
    for (const [cause] of ended) expect(['logged_out', 'reloaded']).toContain(cause)
    expect((await stage.storedState()).flags).toEqual([])
    expect(stage.instance.agent('alice').state().type).toBe('offline')
    await Promise.all([page.discard(), other.discard()])
  })

  it('a framed CCP and one in its own tab are two; another agent’s CCP counts as neither', async () => {
    const [other] = (await open(ccp())) as [Page]
    const nora = { alias: 'northwind', signInAs: 'nora' }
    const who = { username: 'nora', alias: 'northwind' }
    const page = await stage.openAvailable(stage.instance.url.ccp('v1', nora), who)
    const crm = await stage.browser.newWindow(stage.instance.url.crm(nora))
    await known(2, 'nora')
    await closeOneOf(crm, 'awake', 'nora')
    await watch()
    await closeTabByKey(page)
    await offline('nora')
    // To ask about her, the background would need the cookies that only her frames and pages have.
    expect(await told(1)).not.toEqual([LEFT])
    expect(stage.instance.agent('alice').state().type).toBe('routable')
    await closeLast(other)
  })

  it('a crashed CCP and one whose tab is discarded are gone: nothing is set until the last one goes', async () => {
    const [page, other] = (await open(ccp(), ['window', ccp('v2')])) as [Page, Page]
    await stage.browser.killRenderer(other)
    expect(await told(1)).toEqual([LEFT])
    expect(changes()).toEqual([])
    await page.toFront()
    await watch()
    await stage.browser.extension.evaluateInBackground(async () => {
      const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true })
      if (tab === undefined) throw new Error('No tab is in front')
      // A tab that is in front would be loaded again at once.
      await chrome.tabs.create({ windowId: tab.windowId })
      await chrome.tabs.discard(tab.id)
    })
    await offline()
    const entries = await told(1)
    // Chromium reloads a tab that a driver holds at once: the agent is back before anybody asks.
    if (name === 'firefox') expect(entries).toEqual(['confirmed'])
    else expect(entries).not.toEqual([LEFT])
  })
}
