import type { BrowserName, Page } from '../browser'
import { closeTabByKey, until } from '../browser'
import { audit } from './audit'
import { shipped } from './builds'
import { storeSettings } from './own-store'
import type { Stage } from './stage'
import { openStage } from './stage'

/** The part of the extension API that is used here; Firefox has it under this name too. */
declare const chrome: {
  action: { getBadgeText(details: object): Promise<string>; getTitle(details: object): Promise<string> }
  permissions: { remove(what: object): Promise<boolean> }
  runtime: { getManifest(): { host_permissions: string[] } }
}

/** The sizes of the popup and of a common window. */
const POPUP = { width: 340, height: 600 }
const WINDOW = { width: 1000, height: 760 }

/** What an agent does in the popup while their CCP is open, and the welcome page that comes first. */
export function describePopup(name: BrowserName): void {
  let stage: Stage
  let popup: Page

  beforeAll(async () => {
    // Otherwise Firefox asks in its own window about what was clicked in the page.
    const extraPrefs = { 'extensions.webextOptionalPermissionPrompts': false }
    stage = await openStage({ browser: name, extensionDir: shipped(name), extraPrefs })
    popup = await stage.browser.extension.openPage('popup.html')
    await popup.driver.setViewport(POPUP)
  }, 240_000)
  afterAll(() => stage.close())

  const alice = () => stage.instance.agent('alice')
  const says = (page: Page, selector: string, text: string): Promise<unknown> =>
    page.waitFor(
      (s: string, t: string) => [...document.querySelectorAll(s)].some((each) => each.textContent.includes(t)),
      selector,
      text,
    )
  const choose = (settings: object): Promise<void> => storeSettings(stage.browser, settings)
  const offlines = (mark: number) =>
    stage.instance.journal.states.filter(
      ({ seq, to, cause }) => seq > mark && to.type === 'offline' && cause.by === 'api',
    )

  it('is preceded by a page that says what the extension does, and what is still to be done', async () => {
    const welcome = await stage.browser.pageAt('welcome.html')
    await welcome.driver.setViewport(WINDOW)
    await says(welcome, '#facts li', 'Signoff sets you Offline')
    await says(welcome, '#steps li', 'Signoff has access to the sites')
    await audit(welcome, 'welcome')
    // Everything is visible without scrolling.
    await welcome.driver.setViewport({ width: 1280, height: 800 })
    expect(await welcome.evaluate(() => document.documentElement.scrollHeight)).toBeLessThanOrEqual(800)
    await welcome.driver.setViewport({ ...WINDOW, width: 360 })
    expect(await welcome.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    await audit(welcome, 'welcome-narrow')
    await welcome.driver.setViewport(WINDOW)
    if (name === 'chromium') return

    // Access that Chromium grants at the installation can be withdrawn in Firefox.
    await stage.browser.extension.evaluateInBackground(() =>
      chrome.permissions.remove({ origins: chrome.runtime.getManifest().host_permissions }),
    )
    const shown = () =>
      stage.browser.extension.evaluateInBackground(async () => ({
        badge: await chrome.action.getBadgeText({}),
        title: await chrome.action.getTitle({}),
      }))
    await until('the button to say so', async () => (await shown()).badge === '!')
    expect((await shown()).title).toContain('no access to your CCP')
    await says(welcome, '#steps', 'Signoff has no access to your CCP')
    await says(popup, '.notice h3', 'Signoff has no access to your CCP')
    await audit(welcome, 'welcome-no-access')
    const options = await stage.browser.extension.openPage('options.html#log')
    await says(options, '#access .notice h3', 'Signoff has no access to your CCP')
    await audit(options, 'options-no-access')
    await options.discard()
    await welcome.driver.bringToFront()
    await welcome.click('#steps button')
    await says(welcome, '#steps li', 'Signoff has access to the sites')
    await until('the button to be calm', async () => (await shown()).badge === '')
    await popup.waitFor(() => document.querySelector('.notice') === null)
  })

  it('restores the status of an agent who opens a CCP again after a close, with one click', async () => {
    const ccp = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    const before = await stage.log()
    await closeTabByKey(ccp)
    const [closed] = await stage.newEntries(before)
    expect(closed).toMatchObject({ outcome: 'confirmed' })
    const next = await stage.browser.newWindow(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    await says(popup, '.agent .going', 'You have been Offline since your CCP was closed')
    expect(alice().state().type).toBe('offline')
    await audit(popup, 'popup-return')
    await popup.toFront()
    await popup.driver.focus('.agent > button')
    await popup.driver.keyboard.press('Enter')
    await says(popup, '.agent h3', 'Available')
    expect(alice().state()).toMatchObject({ type: 'routable' })
    await until('the step in the log', async () =>
      (await stage.log()).some(
        ({ id, timeline }) => id === closed?.id && timeline.some(({ event }) => event === 'given_back'),
      ),
    )
    await next.discard()
    await stage.newEntries(before, 2)
  })

  it('sets the agent Offline with one click, and says so once Connect has confirmed it', async () => {
    const ccp = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    const before = await stage.log()
    const mark = stage.instance.journal.mark()
    await says(popup, '.agent > button', 'Go Offline now')
    await audit(popup, 'popup-available')
    stage.instance.faults.set({ operation: 'PutAgentState', workMs: 3_000 })
    await popup.driver.focus('.agent > button')
    await popup.driver.keyboard.press('Enter')
    await says(popup, '.going', 'Asking Connect to set you Offline…')
    expect(alice().state().type).toBe('routable')
    await audit(popup, 'popup-asking')
    await says(popup, '.going', 'You are Offline. Connect has confirmed it.')
    expect(alice().state().type).toBe('offline')
    stage.instance.faults.clear()
    await says(popup, '#announcement', 'You are Offline. Connect has confirmed it.')
    await audit(popup, 'popup-confirmed')
    const [entry] = await stage.newEntries(before)
    expect(entry).toMatchObject({ outcome: 'confirmed', cause: 'asked', event: 'asked', evidence: 'asked' })
    expect(offlines(mark).length).toBeGreaterThan(0)
    expect(ccp.isClosed()).toBe(false)
    expect((await stage.storedState()).flags).toEqual([])

    const known = await stage.log()
    await closeTabByKey(ccp)
    expect(await stage.newEntries(known)).toMatchObject([{ outcome: 'not_needed', reason: 'not_routable' }])
  })

  it('does not set Offline during a contact, and offers nothing if policy hides it', async () => {
    const ccp = await stage.openAvailable(stage.instance.url.ccp('v2', { signInAs: 'alice' }))
    const mark = stage.instance.journal.mark()
    alice().ring({ channel: 'chat' })
    alice().accept()
    await says(popup, '.going', 'You can go Offline here after this contact.')
    await audit(popup, 'popup-contact')
    alice().endContact()
    alice().clearContact()
    await says(popup, '.agent > button', 'Go Offline now')
    await choose({ popupOffline: 'hide' })
    await popup.waitFor(() => document.querySelector('.agent > button') === null)
    await says(popup, '.agent .onclose', 'Closing this CCP sets you Offline.')
    expect(offlines(mark)).toEqual([])
    await choose({})
    const known = await stage.log()
    await closeTabByKey(ccp)
    await stage.newEntries(known)
  })
}
