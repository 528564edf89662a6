import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeWindowByKey, quitByKey } from '../browser'
import { shipped } from './builds'
import type { WaitOptions } from '../instance/journal'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** The browser ends together with the CCP: what can be known about it is logged at the next start. */
export function describeLastWindow(name: BrowserName): void {
  let stage: Stage
  let profileDir: string
  /** The number of log entries after the last story; null if that story failed. */
  let logged: number | null = 0

  beforeAll(async () => {
    profileDir = await mkdtemp(join(tmpdir(), 'kept-profile-'))
    stage = await openStage({ browser: name, extensionDir: shipped(name), profileDir })
  }, 240_000)
  afterAll(async () => {
    await stage.close()
    await rm(profileDir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  })

  /** Shows the CCP of an Available agent in the only tab of the only window. */
  async function openAlone(): Promise<Page> {
    const page = stage.browser.home
    stage.instance.agent('alice').set('offline', 'test')
    await page.driver.goto(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    await stage.document('alice')
    stage.instance.agent('alice').set('routable')
    await stage.document('alice', ({ agent }) => agent?.state.type === 'routable')
    await stage.leaveStore()
    return page
  }

  /** Ends the browser, starts it again, and returns the only new entry, after comparing it with the instance. */
  async function endAndStartAgain(
    background: Background,
    end: (page: Page) => Promise<void>,
    isHeard = true,
  ): Promise<LogEntry> {
    const before = await stage.log()
    // An earlier end has left no second entry.
    if (logged !== null) expect(before).toHaveLength(logged)
    logged = null
    const page = await openAlone()
    await stage.ready(page, background)
    const mark = stage.instance.journal.mark()
    await end(page)
    await stage.browser.exited()
    // Before the next start, which may set the agent Offline, too.
    const wentOffline = await hasGoneOffline({ after: mark, timeoutMs: isHeard ? 2_000 : 0 })
    await stage.restart()
    const [entry, ...others] = await stage.newEntries(before)
    if (entry === undefined) throw new Error('No entry')
    expect(others).toEqual([])
    expect(wentOffline).toBe(isHeard)
    expect(entry).toMatchObject({ username: 'alice', stateBefore: { type: 'routable' } })
    const isTaken = entry.outcome === 'confirmed' || entry.outcome === 'accepted'
    // Cookies may outlive a kill: then the next start can set the agent Offline.
    if (stage.instance.agent('alice').state().type !== 'offline') expect(isTaken).toBe(false)
    const flags = (await stage.storedState()).flags.map(({ username }) => username)
    expect(flags).toEqual(isTaken ? [] : ['alice'])
    logged = before.length + 1
    return entry
  }

  /** Whether the agent went Offline: a request that has left the browser may still be on its way. */
  function hasGoneOffline(options: WaitOptions): Promise<boolean> {
    return stage.instance.journal.waitForState({ agent: 'alice', type: 'offline' }, options).then(
      () => true,
      () => false,
    )
  }

  describe.each(BACKGROUND)('an end of the browser, with the background %s,', (background) => {
    it('by the close of its last window is logged with its page’s close report', async () => {
      const { cause, event } = await endAndStartAgain(background, closeWindowByKey)
      expect(['window_closed', 'browser_ended']).toContain(cause)
      expect(event).toBe('beforeunload')
    })

    it('by a quit is logged with its page’s close report', async () => {
      const { cause, event } = await endAndStartAgain(background, () => quitByKey(stage.browser))
      expect(['window_closed', 'browser_ended']).toContain(cause)
      expect(event).toBe('beforeunload')
    })

    it('by a kill is logged without a close report', async () => {
      const entry = await endAndStartAgain(background, () => stage.browser.signal('SIGKILL'), false)
      expect(entry).toMatchObject({ cause: 'browser_ended', event: null })
    })
  })
}
