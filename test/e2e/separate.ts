import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { shipped } from './builds'
import { readOwn } from './own-store'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  windows: { create(what: { url: string; incognito: boolean }): Promise<unknown> }
  storage: {
    session: { get(key: null): Promise<object> }
    local: { get(key: null): Promise<object> }
  }
}

/** A CCP whose cookies the background does not have. A container is what the driver's contexts are in Firefox. */
export function describeSeparate(name: BrowserName, where: 'private window' | 'container'): void {
  let stage: Stage

  beforeAll(async () => {
    stage = await openStage({ browser: name, extensionDir: shipped(name), inPrivate: true })
  }, 240_000)
  afterEach(() => stage.instance.faults.clear())
  afterAll(() => stage.close())

  const tokens = (): Promise<string[]> =>
    stage.browser.extension.evaluateInBackground(async () =>
      Object.entries(await chrome.storage.session.get(null)).flatMap(([key, value]) =>
        key.startsWith('token:') ? [(value as { token: string }).token] : [],
      ),
    )

  async function open(): Promise<Page> {
    await stage.storedState()
    const url = stage.instance.url.ccp('v1', { signInAs: 'alice' })
    if (where === 'private window') {
      // A driver's context is not a private window as people open it: the extension cannot call into it.
      await stage.browser.extension.evaluateInBackground(
        (at: string) => chrome.windows.create({ url: at, incognito: true }).then(() => undefined),
        url,
      )
    } else {
      const context = await stage.browser.driver.createBrowserContext()
      const opened = await context.newPage()
      await opened.goto(url)
    }
    const page = await stage.browser.pageAt('/connect/ccp')
    const { place } = await stage.document('alice')
    expect(place?.ownCookies).toBe(false)
    stage.instance.agent('alice').set('routable')
    await stage.document('alice', (doc) => doc.agent?.state.type === 'routable')
    await until('its token', async () => (await tokens()).length > 0)
    return page
  }

  /** Closes the page while its requests are refused, but not those of the background. */
  async function close(page: Page, background: Background): Promise<LogEntry> {
    const before = await stage.log()
    stage.instance.faults.set({
      operation: 'PutAgentState',
      origin: 'page',
      fail: { first: 99, code: 'InvalidStateException' },
    })
    await stage.ready(page, background)
    await closeTabByKey(page)
    const [entry] = await stage.newEntries(before)
    if (entry === undefined) throw new Error('No entry')
    return entry
  }

  it.each(BACKGROUND)('is verified with its page’s token only (background %s)', async (background) => {
    const page = await open()
    const [token = ''] = await tokens()
    expect(token).not.toBe('')
    const mark = stage.instance.journal.mark()
    expect(await close(page, background)).toMatchObject({ outcome: 'confirmed', evidence: 'set_by_background' })
    expect(stage.instance.agent('alice').state().type).toBe('offline')
    const asked = stage.instance.journal.requests.filter(({ seq, details }) => seq > mark && isOurs(details.origin))
    expect(new Set(asked.map(({ operation }) => operation))).toEqual(
      new Set(['GetAgentConfiguration', 'GetAgentSnapshot', 'GetAgentStates', 'PutAgentState']),
    )
    expect(asked.flatMap(({ details }) => details.cookies)).toEqual([])
    await until('the token to be forgotten', async () => (await tokens()).length === 0)
    const { extension } = stage.browser
    const stored = JSON.stringify([
      await extension.readStore(() => chrome.storage.local.get(null)),
      await extension.readStore(readOwn),
    ])
    expect(stored).not.toContain(token)
  })

  it('counts beside the agent’s CCP in an ordinary window: the last one sets Offline, whichever it is', async () => {
    const { journal } = stage.instance
    for (const last of ['separate', 'common'] as const) {
      const separate = await open()
      const common = await stage.browser.newWindow(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
      await until('both to know of each other', async () => {
        const docs = Object.values((await stage.storedState()).documents).filter(({ gone }) => gone === null)
        const areTold = docs.every(({ capabilities }) => capabilities?.deadMansSwitch !== 'armed')
        const areThere = docs.length === 2 && docs.every(({ agent }) => agent?.state.type === 'routable')
        if (!areThere || !areTold) throw new Error(`It knows ${JSON.stringify(docs)}`)
        return true
      })
      const [first, second] = last === 'separate' ? [common, separate] : [separate, common]
      const before = await stage.log()
      const mark = journal.mark()
      await stage.ready(first, 'awake')
      await closeTabByKey(first)
      expect(await stage.newEntries(before)).toMatchObject([{ outcome: 'not_needed', reason: 'other_ccp' }])
      expect(journal.states.filter(({ seq }) => seq > mark)).toEqual([])
      await stage.ready(second, 'awake')
      await closeTabByKey(second)
      await journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
      expect((await stage.newEntries(before, 2)).map(({ outcome }) => outcome)).toContain('confirmed')
    }
  })
}

const isOurs = (origin: string | undefined): boolean => /^(chrome|moz)-extension:/.test(origin ?? '')
