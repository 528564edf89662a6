import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Dialog } from 'puppeteer-core'
import type { LogEntry } from '../../src/domain/log-entry'
import type { Settings } from '../../src/domain/settings'
import type { BrowserName, Page } from '../browser'
import { closeTabByKey, openClosedShadow, until } from '../browser'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

const PICTURES = join(__dirname, '../../out/pictures')
const MODAL = 'ccp-signoff-leave'
/** An element of CCP v1 itself that can have the focus. */
const LINK = '#logout'

/** The browser asks before a CCP is left, if the settings say so; an agent who stays is told what happened. */
export function describeLeaveDialog(name: BrowserName): void {
  let stage: Stage
  let ccp: Page
  let dialogs: Dialog[]
  let before: LogEntry[]

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true })
    stage = await openStage({
      browser: name,
      extensionDir: shipped(name),
      instance: {
        tenants: [
          { alias: 'acme', agents: [{ username: 'alice' }] },
          { alias: 'northwind', agents: [{ username: 'nora' }], cookiePartitioned: true },
        ],
      },
    })
  }, 240_000)
  afterAll(() => stage.close())
  beforeEach(() => stage.instance.faults.clear())

  /** Opens a CCP with an Available agent, and clicks in it, because browsers show the dialog only after user input. */
  async function open(
    leaveDialog: Settings['leaveDialog'],
    url = stage.instance.url.ccp('v1', { signInAs: 'alice' }),
    who: Parameters<Stage['openAvailable']>[1] = {},
  ): Promise<void> {
    await storeSettings(stage.browser, { leaveDialog })
    ccp = await stage.openAvailable(url, who)
    dialogs = []
    ccp.driver.on('dialog', (dialog) => dialogs.push(dialog))
    await ccp.click('body')
    before = await stage.log()
  }

  /** Presses Ctrl+W, and returns the browser's dialog. */
  async function beginToClose(): Promise<Dialog> {
    const asked = dialogs.length
    await ccp.toFront()
    await stage.display.key('ctrl+w')
    const dialog = await until('the dialog', () => {
      if (ccp.isClosed()) throw new Error('The page has gone unasked')
      return dialogs[asked]
    })
    expect(dialog.type()).toBe('beforeunload')
    return dialog
  }

  /** Begins to close the page and stays; resolves when the modal can be inspected. */
  async function stay(): Promise<void> {
    await (await beginToClose()).dismiss()
    await ccp.waitFor(MODAL)
    await openClosedShadow(ccp, MODAL)
  }

  const says = (text: string): Promise<unknown> =>
    ccp.waitFor(
      (host: string, t: string) => document.querySelector(host)?.shadowRoot?.textContent.includes(t),
      MODAL,
      text,
    )
  /** The button that has the focus. */
  const focused = (): Promise<string | undefined> =>
    ccp.evaluate((host: string) => document.querySelector(host)?.shadowRoot?.activeElement?.textContent, MODAL)
  const hasFocus = (selector: string): Promise<boolean> =>
    ccp.evaluate((s: string) => document.activeElement?.matches(s) === true, selector)
  const hasModal = (): Promise<boolean> => ccp.evaluate((host: string) => document.querySelector(host) !== null, MODAL)
  const refuse = (times: number): unknown =>
    stage.instance.faults.set({ operation: 'PutAgentState', fail: { first: times, code: 'InvalidStateException' } })

  /** Takes pictures of the modal, light and dark, and checks both with axe. */
  async function audit(what: string): Promise<void> {
    await ccp.driver.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'))
    for (const scheme of ['light', 'dark'] as const) {
      await ccp.preferColorScheme(scheme)
      await ccp.screenshot(join(PICTURES, `${name}-leave-${what}-${scheme}.png`))
      const violations = await ccp.evaluate(async (host: string) => {
        const { axe } = globalThis as unknown as { axe: { run(within: string): Promise<AxeResults> } }
        const { violations: found, passes } = await axe.run(host)
        // A rule that has checked nothing proves nothing.
        const looked = passes.map(({ id }) => id).filter((id) => ['aria-dialog-name', 'button-name'].includes(id))
        return [looked.length, ...found.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html]))]
      }, MODAL)
      expect(violations).toEqual([2])
    }
  }

  it('does not open unless the settings say so', async () => {
    await open('never')
    await closeTabByKey(ccp)
    expect(dialogs).toEqual([])
    await stage.newEntries(before)
  })

  it('does not open for an agent without a contact, if set to open on contacts', async () => {
    await open('on_contact')
    await closeTabByKey(ccp)
    expect(dialogs).toEqual([])
    await stage.newEntries(before)
  })

  it('is shown while the agent is set Offline; leaving closes the page', async () => {
    await open('routable')
    const mark = stage.instance.journal.mark()
    const dialog = await beginToClose()
    await stage.instance.journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
    await dialog.accept()
    await until('the tab to close', () => ccp.isClosed())
    const [entry] = await stage.newEntries(before)
    expect(entry).toMatchObject({ outcome: 'confirmed', event: 'beforeunload' })
    expect(entry?.cause).toMatch(/^(tab|window)_closed$/)
  })

  it('tells an agent who stays that they are Offline, and returns to the page', async () => {
    await open('routable')
    await ccp.evaluate((selector: string) => document.querySelector<HTMLElement>(selector)?.focus(), LINK)
    expect(await hasFocus(LINK)).toBe(true)
    await stay()
    await says('You are Offline now')
    expect(await focused()).toBe('Stay on this page')
    expect(await hasFocus(LINK)).toBe(false)
    await audit('offline')
    const seen: (string | undefined)[] = []
    for (let presses = 0; presses < 3; presses += 1) {
      await ccp.driver.keyboard.press('Tab')
      seen.push(await focused())
    }
    expect(seen).toEqual(['Close this page', 'Stay on this page', 'Close this page'])
    const mark = stage.instance.journal.mark()
    await ccp.driver.keyboard.press('Escape')
    await until('the modal to go', async () => !(await hasModal()))
    expect(await hasFocus(LINK)).toBe(true)
    await stage.instance.journal.waitForState({ agent: 'alice', type: 'routable', by: 'api' }, { after: mark })
    const [entry] = await stage.newEntries(before)
    expect(entry).toMatchObject({ outcome: 'accepted', cause: 'stayed', event: 'beforeunload' })
    await stage.document('alice', ({ agent }) => agent?.state.type === 'routable')
    await leave()
  })

  it('tells an agent who stays that it failed, and can try again', async () => {
    await open('routable')
    refuse(99)
    await stay()
    await says('You may still be Available')
    await says('InvalidStateException')
    expect(await focused()).toBe('Try again')
    await audit('failed')
    const mark = stage.instance.journal.mark()
    stage.instance.faults.clear()
    await ccp.driver.keyboard.press('Enter')
    await says('You are Offline now')
    expect(await focused()).toBe('Stay on this page')
    await stage.instance.journal.waitForState({ agent: 'alice', type: 'offline', by: 'api' }, { after: mark })
    await ccp.driver.keyboard.press('Enter')
    await until('the modal to go', async () => !(await hasModal()))
    const entries = await stage.newEntries(before, 2)
    expect(entries).toMatchObject([
      { outcome: 'failed', cause: 'stayed', event: 'beforeunload' },
      { outcome: 'confirmed', cause: 'stayed', event: 'try_again' },
    ])
    const known = await stage.log()
    await closeTabByKey(ccp)
    await stage.newEntries(known)
  })

  it('lets an agent close the page without asking again', async () => {
    await open('routable')
    refuse(99)
    await stay()
    await says('You may still be Available')
    stage.instance.faults.clear()
    await ccp.driver.keyboard.press('Tab')
    expect(await focused()).toBe('Stay on this page')
    await ccp.driver.keyboard.press('Tab')
    expect(await focused()).toBe('Close anyway')
    // The page may be gone before the key is released, which is an error to the driver; the outcome is checked below.
    await ccp.driver.keyboard.press('Enter').catch(() => undefined)
    const closed = until('the page to close, or to say that it may be', async () => {
      if (ccp.isClosed()) return 'by itself'
      return (await saysSoFar()).includes('You can close this page now') && 'by hand'
    })
    if ((await closed) === 'by hand') {
      // The page may say so and close right afterwards; then nothing is left to close.
      await closeTabByKey(ccp).catch((error: unknown) => {
        if (!ccp.isClosed()) throw error
      })
    }
    expect(dialogs).toHaveLength(1)
    const entries = await stage.newEntries(before, 2)
    expect(entries).toMatchObject([{ cause: 'stayed' }, { outcome: 'confirmed', event: 'beforeunload' }])
  })

  const saysSoFar = (): Promise<string> =>
    ccp.evaluate((host: string) => document.querySelector(host)?.shadowRoot?.textContent ?? '', MODAL).catch(() => '')

  it('also works in a CCP in another site’s frame', async () => {
    const crm = stage.instance.url.crm({ alias: 'northwind', signInAs: 'nora' })
    await open('routable', crm, { username: 'nora', alias: 'northwind' })
    const frame = await ccp.frame('/connect/ccp-v2')
    await frame.click('body')
    await (await beginToClose()).dismiss()
    await frame.waitFor(MODAL)
    await ccp.screenshot(join(PICTURES, `${name}-leave-framed.png`))
    await ccp.driver.keyboard.press('Escape')
    await frame.waitFor((host: string) => document.querySelector(host) === null, MODAL)
    await stage.document('nora', ({ agent, closing }) => agent?.state.type === 'routable' && closing === null)
    await leave()
  })

  /** Answers the browser's dialog by leaving, and waits for the entry. */
  async function leave(): Promise<void> {
    const known = await stage.log()
    await (await beginToClose()).accept()
    await until('the tab to close', () => ccp.isClosed())
    await stage.newEntries(known)
  }

  it('can be closed by the agent even after the extension has gone', async () => {
    await open('routable')
    await stay()
    await says('You are Offline now')
    await stage.browser.uninstallExtension()
    await ccp.toFront()
    if (await hasModal()) await ccp.driver.keyboard.press('Escape')
    await ccp.waitFor(
      (host: string) => document.querySelector(host)?.shadowRoot?.querySelector('dialog[open]') == null,
      MODAL,
    )
  })
}
