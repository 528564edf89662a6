import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName, Frame, Page } from '../browser'
import { closeTabByKey, reloadByKey } from '../browser'
import { shipped } from './builds'
import type { Background, Stage } from './stage'
import { BACKGROUND, openStage } from './stage'
import { expectByStreamsAlone } from './streams-alone'

/** The extension is installed in a browser with open CCPs. */
export function describeLate(name: BrowserName): void {
  describe.each(BACKGROUND)('with the background %s at a close', (background) => describeWith(name, background))
}

function describeWith(name: BrowserName, background: Background): void {
  let stage: Stage
  let top: Page
  let crm: Page

  beforeAll(async () => {
    const agents = [{ username: 'alice' }, { username: 'bob' }]
    stage = await openStage({
      browser: name,
      instance: { tenants: [{ alias: 'acme', agents, cookiePartitioned: true }] },
    })
    const { url } = stage.instance
    top = await stage.browser.newWindow(url.ccp('v1', { signInAs: 'alice' }))
    await becomesAvailable(top, 'alice')
    crm = await stage.browser.newWindow(url.crm({ signInAs: 'bob' }))
    await becomesAvailable(await crm.frame('/connect/ccp-v2'), 'bob')
    await stage.browser.installExtension(shipped(name))
  }, 240_000)
  afterAll(() => stage.close())

  async function becomesAvailable(page: Frame, username: string): Promise<void> {
    await page.waitFor(() => document.body.dataset['stateType'] === 'offline')
    stage.instance.agent(username).set('routable')
    await page.waitFor(() => document.body.dataset['stateType'] === 'routable')
  }

  /** Closes the tab and returns the only new entry. */
  async function close(page: Page, username: string): Promise<LogEntry> {
    const before = await stage.log()
    const mark = stage.instance.journal.mark()
    await stage.ready(page, background)
    await closeTabByKey(page)
    const [entry, ...others] = await stage.newEntries(before)
    expect(others).toEqual([])
    if (entry === undefined) throw new Error('No entry')
    await expectByStreamsAlone(stage, name, { username, alias: 'acme' }, entry, mark)
    return entry
  }

  it('protects a CCP in its own tab without a reload', async () => {
    const { late, protection, agent } = await stage.document('alice')
    expect({ late, protection, state: agent?.state.type }).toEqual({
      late: true,
      protection: { status: 'protected' },
      state: 'routable',
    })
    expect(await close(top, 'alice')).toMatchObject({
      username: 'alice',
      cause: expect.stringMatching(/^(tab|window)_closed$/) as string,
    })
  })

  it('protects a CCP in a frame of a site without access, if the browser allows it', async () => {
    // Chromium needs the frame's number, which takes the permission to follow all navigation.
    if (name === 'chromium') {
      const known = Object.values((await stage.storedState()).documents)
      expect(known.filter(({ framed }) => framed)).toEqual([])
      await reloadByKey(crm)
    }
    expect(await stage.document('bob', ({ agent }) => agent?.state.type === 'routable')).toMatchObject({
      late: name === 'firefox',
      framed: true,
      protection: { status: 'protected' },
    })
    expect(await close(crm, 'bob')).toMatchObject({ username: 'bob', framed: true })
  })
}
