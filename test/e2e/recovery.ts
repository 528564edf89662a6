import type { LogEntry } from '../../src/domain/log-entry'
import type { RecoveryUse } from '../../src/domain/settings'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import { Since } from './since'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  notifications: { getAll(): Promise<Record<string, unknown>> }
}

/** The recovery CCP, which is opened briefly where only a CCP can still set an agent Offline. */
export function describeRecovery(name: BrowserName): void {
  let stage: Stage
  let work: Page
  let since: Since
  let windows: readonly string[] = []

  beforeAll(async () => {
    const extraPrefs = { 'alerts.useSystemBackend': false }
    const tenants = [{ alias: 'acme', agents: [{ username: 'alice' }, { username: 'bob' }] }]
    stage = await openStage({ browser: name, extensionDir: shipped(name), instance: { tenants }, extraPrefs })
    work = await stage.browser.newWindow(stage.instance.url.other)
  }, 240_000)
  afterEach(async () => {
    stage.instance.faults.clear()
    await set({})
  })
  afterAll(() => stage.close())

  const set = (settings: { recovery?: RecoveryUse; directPath?: string }): Promise<void> =>
    storeSettings(stage.browser, settings)

  /** Closes an agent's CCP while nothing that the page or the background sends has any effect. */
  async function leaveAvailable(background: Background, recovery: RecoveryUse): Promise<void> {
    await set({ recovery })
    const page = await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    since = await Since.now(stage)
    const closed = (await stage.document('alice')).docId
    const fault = stage.instance.faults.set({
      operation: 'PutAgentState',
      fail: { first: 99, code: 'InvalidStateException' },
    })
    stage.instance.faults.refuseExtensions()
    await stage.ready(page, background)
    await closeTabByKey(page)
    await work.toFront()
    windows = await stage.display.windows()
    await until('the close to be known, and refused', async () => {
      const doc = (await stage.storedState()).documents[closed]
      if (doc?.gone == null || fault.hits() === 0) {
        throw new Error(
          `Refused ${fault.hits()} times; it knows ${JSON.stringify(doc)} and ${JSON.stringify(await stage.log())}`,
        )
      }
      return true
    })
    // All requests of the close have arrived by now; anything that is opened for it follows two seconds later.
    fault.clear()
  }

  const state = () => stage.instance.agent('alice').state()
  const steps = ({ timeline }: LogEntry): string[] =>
    timeline.map(({ event }) => event).filter((event) => event.startsWith('recovery'))
  /** The tabs that show a CCP, or are about to. */
  const ccps = async (): Promise<string[]> =>
    (await stage.browser.driver.pages()).map((page) => page.url()).filter((url) => /ccp|recovery|login/.test(url))
  const allGone = (): Promise<unknown> =>
    until('the recovery CCP to be gone', async () => {
      const { recovery } = await stage.storedState()
      return recovery === null && (await ccps()).length === 0
    })
  const offer = (): Promise<string> =>
    until('the offer', async () => {
      const ids = await stage.browser.extension.evaluateInBackground(async () =>
        Object.keys(await chrome.notifications.getAll()),
      )
      const { flags, closes } = await stage.storedState()
      const isOffered = Object.values(closes).some(({ recovery }) => recovery?.status === 'offered')
      return flags.length > 0 && isOffered && ids[0]
    })
  /**
   * Clicks on the notification, which is a new window. The flag's notification is replaced by that of the offer: a
   * window that disappears while it is clicked was the old one.
   */
  const clickNotice = async (): Promise<void> => {
    const isHeard = async (): Promise<boolean> =>
      Object.values((await stage.storedState()).closes).every(({ recovery }) => recovery?.status !== 'offered')
    await until('the click to be heard', async () => {
      if (await isHeard()) return true
      const shown = (await stage.display.windows()).find((id) => !windows.includes(id))
      if (shown === undefined) return false
      await stage.display.click(shown).catch(async (error: unknown) => {
        if (await stage.display.hasWindow(shown)) throw error
      })
      return isHeard()
    })
  }
  /** Visits an address of the instance that changes the session, and comes back. */
  const visit = async (url: string, event: 'sign-in' | 'sign-out'): Promise<void> => {
    const { journal, url: at } = stage.instance
    const from = journal.mark()
    await work.navigate(url)
    await journal.waitFor((one) => one.kind === 'session' && one.event === event, { after: from })
    await work.navigate(at.other)
  }

  it.each(BACKGROUND)('opens by itself if set to, behind the agent’s work (background %s)', async (background) => {
    await leaveAvailable(background, 'open')
    await work.evaluate(() => {
      document.documentElement.dataset['blurs'] = '0'
      window.addEventListener('blur', () => (document.documentElement.dataset['blurs'] = '1'))
    })
    const { outcome, evidence, reason, ...rest } = await since.entry()
    expect({ outcome, evidence, reason }).toEqual({
      outcome: 'accepted',
      evidence: 'set_by_recovery',
      reason: 'refused',
    })
    expect(steps({ outcome, evidence, reason, ...rest })).toEqual(['recovery_opened', 'recovery_closed'])
    expect(state().type).toBe('offline')
    await allGone()
    expect(await work.evaluate(() => [document.hasFocus(), document.documentElement.dataset['blurs']])).toEqual([
      true,
      '0',
    ])
    const { flags, documents } = await stage.storedState()
    expect({ flags, documents }).toEqual({ flags: [], documents: {} })
    expect(await stage.log()).toHaveLength(since.before.length + 1)
  })

  it.each(BACKGROUND)(
    'opens once the agent has clicked on the notification, and not before (background %s)',
    async (background) => {
      await leaveAvailable(background, 'ask')
      const notice = await offer()
      expect((await stage.storedState()).recovery).toBeNull()
      expect(await ccps()).toEqual([])
      expect(await stage.log()).toHaveLength(since.before.length)
      expect(state().type).toBe('routable')
      if (background === 'stopped') await stage.browser.extension.stopBackground()
      await clickNotice()
      const done = await since.entry()
      expect(done).toMatchObject({ outcome: 'accepted', evidence: 'set_by_recovery', reason: 'refused' })
      expect(steps(done)).toEqual(['recovery_asked', 'recovery_opened', 'recovery_closed'])
      expect(notice).toBe(`close:${done.id}`)
      expect(state().type).toBe('offline')
      await allGone()
      expect((await stage.storedState()).flags).toEqual([])
    },
  )

  it('never opens if set so', async () => {
    await leaveAvailable('awake', 'never')
    const done = await since.entry()
    expect(done.outcome).not.toBe('confirmed')
    expect([done.reason, steps(done)]).toEqual(['refused', []])
    expect(await ccps()).toEqual([])
    expect(state().type).toBe('routable')
  })

  it('is closed at a sign-in page', async () => {
    await leaveAvailable('awake', 'ask')
    await offer()
    await visit(stage.instance.url.logout(), 'sign-out')
    await clickNotice()
    const done = await since.entry()
    expect(done.outcome).not.toBe('confirmed')
    expect(done.reason).toBe('signed_out')
    expect(steps(done)).toEqual(['recovery_asked', 'recovery_opened', 'recovery_closed'])
    await allGone()
    expect(since.requests('PutAgentState').filter(({ status }) => status === 200)).toEqual([])
    expect(state().type).toBe('routable')
    expect((await stage.storedState()).flags).toHaveLength(1)
  })

  it('leaves another agent alone', async () => {
    await leaveAvailable('awake', 'ask')
    await offer()
    // Another user has signed in meanwhile, on a page that is not a CCP.
    const next = encodeURIComponent('/connect/no-content-here')
    await visit(`https://acme.awsapps.com/connect/login?as=bob&next=${next}`, 'sign-in')
    stage.instance.agent('bob').set('routable')
    await clickNotice()
    const done = await since.entry()
    expect(done.reason).toBe('other_agent')
    expect(done.outcome).not.toBe('confirmed')
    await allGone()
    expect([state().type, stage.instance.agent('bob').state().type]).toEqual(['routable', 'routable'])
    expect(since.requests('PutAgentState').filter(({ status }) => status === 200)).toEqual([])
  })

  it('is given up if the agent opens their own CCP', async () => {
    await leaveAvailable('awake', 'ask')
    await offer()
    // Keeps the recovery CCP at its beginning. For pages only: the background asks as well, and would use up the
    // fault.
    const fault = stage.instance.faults.set({ operation: 'GetAgentConfiguration', origin: 'page', delayMs: 55_000 })
    await clickNotice()
    await until('the recovery CCP to wait', () => fault.hits() > 0)
    // Lets the agent's own CCP through; the background is still refused, or it would set Offline itself.
    fault.clear()
    const page = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    const done = await since.entry()
    expect(done.outcome).not.toBe('confirmed')
    expect(done.reason).toBe('agent_present')
    await until(
      'it to be closed',
      async () => (await stage.storedState()).recovery === null && (await ccps()).length === 1,
    )
    expect(state().type).toBe('routable')
    // The next close is an ordinary one.
    stage.instance.faults.clear()
    await closeTabByKey(page)
    await since.entries(2)
  })
}
