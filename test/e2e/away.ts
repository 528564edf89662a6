import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import type { StateEntry } from '../instance/instance'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  idle: { setDetectionInterval(seconds: number): void }
  notifications: { getAll(): Promise<Record<string, unknown>> }
}

/** The browser reports idle after 15 s without input, at its next check, which a busy machine delays. */
const IDLE_MS = 60_000

/** Agents who walk away from an open CCP, and those who are logged out after their last one. */
export function describeAway(name: BrowserName): void {
  let stage: Stage
  let mark = 0
  let before: LogEntry[] = []

  beforeAll(async () => {
    // Without a desktop that shows notifications, Firefox must be told to show them itself.
    const extraPrefs = { 'alerts.useSystemBackend': false }
    stage = await openStage({ browser: name, extensionDir: shipped(name), extraPrefs })
  }, 240_000)
  afterAll(() => stage.close())

  const alice = () => stage.instance.agent('alice')
  const ccp = (): string => stage.instance.url.ccp('v2', { signInAs: 'alice' })
  const choose = (settings: object): Promise<void> => storeSettings(stage.browser, settings)
  const open = async (settings: object): Promise<Page> => {
    await choose(settings)
    const page = await stage.openAvailable(ccp())
    before = await stage.log()
    mark = stage.instance.journal.mark()
    return page
  }
  const offline = (): Promise<StateEntry> =>
    stage.instance.journal.waitForState(
      { agent: 'alice', type: 'offline', by: 'api' },
      { timeoutMs: IDLE_MS, after: mark },
    )
  const entry = async (count = 1): Promise<LogEntry> => {
    const entries = await stage.newEntries(before, count)
    expect(entries).toHaveLength(count)
    return entries.at(-1) as LogEntry
  }
  const changes = (): string[] =>
    stage.instance.journal.states.filter(({ seq, cause }) => seq > mark && cause.by === 'api').map(({ to }) => to.type)
  const away = async () => (await stage.storedState()).away
  const flags = async (): Promise<string[]> => (await stage.storedState()).flags.map(({ why }) => why)
  const notices = (): Promise<string[]> =>
    stage.browser.extension.evaluateInBackground(async () => Object.keys(await chrome.notifications.getAll()))
  const touch = (): Promise<void> => stage.display.key('shift')
  /** Closes the CCP, so that none is left open for the next test. */
  const leave = async (page: Page): Promise<void> => {
    await choose({})
    const known = await stage.log()
    await closeTabByKey(page)
    await stage.newEntries(known)
    await stage.browser.extension.evaluateInBackground(async () => {
      const { notifications } = chrome as unknown as {
        notifications: { clear(id: string): Promise<void>; getAll(): Promise<object> }
      }
      for (const id of Object.keys(await notifications.getAll())) await notifications.clear(id)
    })
  }
  /** Shortens the idle time, whose shortest setting is a minute. */
  const countShort = (): Promise<void> =>
    stage.browser.extension.evaluateInBackground(() => chrome.idle.setDetectionInterval(15))

  /** Expects the agent Offline in their own CCP, no restore on their return, and one notification. */
  async function expectToldOnReturn(): Promise<void> {
    await stage.document('alice', (doc) => doc.agent?.state.type === 'offline')
    expect(await notices()).toEqual([])
    await touch()
    await until('the agent to be told', async () => (await notices()).includes('away'))
    expect((await away()).presence).toBeNull()
    expect(new Set(changes())).toEqual(new Set(['offline']))
    expect(await flags()).toEqual([])
  }

  it('sets an idle agent Offline, and notifies them when they are back', async () => {
    const page = await open({ onIdle: 'offline', idleMinutes: 1 })
    await touch()
    await countShort()
    await offline()
    const written = await entry()
    expect(written).toMatchObject({ outcome: 'confirmed', evidence: 'asked', cause: 'idle', event: 'idle' })
    expect(page.isClosed()).toBe(false)
    await expectToldOnReturn()
    await leave(page)
  })

  it('only flags an idle agent until they are back, if the settings ask for no more', async () => {
    const page = await open({ onIdle: 'flag', idleMinutes: 1 })
    await touch()
    await countShort()
    await until('the flag', async () => (await flags()).includes('idle'), { timeout: IDLE_MS })
    const { id } = await entry()
    expect(changes()).toEqual([])
    await touch()
    await until('the flag to come down', async () => (await flags()).length === 0)
    const written = (await stage.log()).find((one) => one.id === id)
    expect(written).toMatchObject({ outcome: 'left_available', cause: 'idle', reason: 'only_flagged' })
    expect(written?.exposure?.until).toBeGreaterThan(written?.at ?? Infinity)
    await leave(page)
  })

  // Firefox reports no lock.
  if (name === 'chromium') {
    const lock = async (page: Page, background: Background): Promise<void> => {
      await stage.ready(page, background)
      await stage.display.lock()
    }

    it.each(BACKGROUND)('sets an agent Offline whose computer is locked (background %s)', async (background) => {
      const page = await open({ onLock: 'offline' })
      await lock(page, background)
      await offline()
      expect(await entry()).toMatchObject({ outcome: 'confirmed', cause: 'locked', event: 'locked' })
      await expectToldOnReturn()
      await leave(page)
    })

    it('leaves an agent with a contact alone until it has ended', async () => {
      const page = await open({ onLock: 'offline' })
      alice().ring({ channel: 'chat' })
      alice().accept()
      await stage.document('alice', (doc) => doc.agent?.contacts.some(({ state }) => state === 'connected') ?? false)
      await lock(page, 'awake')
      await until('the lock to be known', async () => (await away()).presence?.kind === 'locked')
      alice().endContact()
      await stage.document('alice', (doc) => doc.agent?.contacts.every(({ state }) => state === 'ended') ?? false)
      // The notes are not written yet: the agent is flagged meanwhile.
      await until('the flag', async () => (await flags()).includes('locked'))
      expect(alice().state().type).toBe('routable')
      alice().clearContact()
      await offline()
      expect(await entry(2)).toMatchObject({ outcome: 'confirmed', cause: 'locked' })
      await touch()
      await until('the agent to be told', async () => (await notices()).includes('away'))
      await leave(page)
    })
  }

  describe('a log-out after Offline', () => {
    const logOuts = () =>
      stage.instance.journal.requests.filter(({ operation, seq }) => operation === 'logout' && seq > mark)
    const signedOut = () =>
      stage.instance.journal.waitFor((one) => one.kind === 'session' && one.event === 'sign-out', {
        after: mark,
        timeoutMs: 30_000,
      })

    it('follows the close of the last CCP, and no earlier one', async () => {
      const page = await open({ logOut: true })
      const other = await stage.browser.newWindow(ccp())
      await until('both', async () => {
        const docs = Object.values((await stage.storedState()).documents)
        return docs.filter(({ agent, gone }) => gone === null && agent !== null).length === 2
      })
      await closeTabByKey(page)
      expect(await entry()).toMatchObject({ outcome: 'not_needed' })
      expect(logOuts()).toEqual([])
      await closeTabByKey(other)
      await signedOut()
      const { id } = await entry(2)
      await until('the log to say so', async () => {
        const written = (await stage.log()).find((one) => one.id === id)
        return written?.timeline.at(-1)?.event === 'logged_out'
      })
      expect(logOuts()).toHaveLength(1)
      expect(alice().state().type).toBe('offline')
      // A CCP opened now asks for a sign-in.
      const next = await stage.browser.newTab(stage.instance.url.ccp('v2'))
      await next.waitFor(() => location.pathname.endsWith('/login'))
      await next.discard()
    })

    it('does not happen during a contact', async () => {
      const page = await open({ logOut: true })
      alice().ring({ channel: 'chat' })
      alice().accept()
      await stage.document('alice', (doc) => doc.agent?.contacts.some(({ state }) => state === 'connected') ?? false)
      mark = stage.instance.journal.mark()
      await closeTabByKey(page)
      await stage.instance.journal.waitFor(
        (one) =>
          one.kind === 'request' &&
          one.operation === 'GetAgentSnapshot' &&
          one.details.origin?.startsWith('https:') !== true,
        { after: mark, timeoutMs: 30_000 },
      )
      expect(logOuts()).toEqual([])
      expect(alice().contacts()).toHaveLength(1)
      alice().endContact()
      alice().clearContact()
      const ended = stage.instance.journal.mark()
      await signedOut()
      expect(logOuts().every(({ seq }) => seq > ended)).toBe(true)
    })
  })
}
