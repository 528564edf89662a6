import { join } from 'node:path'
import type { BrowserName, Page } from '../../test/browser'
import { closeTabByKey, until } from '../../test/browser'
import { run } from '../../test/browser/run'
import { shipped } from '../../test/e2e/builds'
import { storeSettings } from '../../test/e2e/own-store'
import type { Stage } from '../../test/e2e/stage'
import { openStage } from '../../test/e2e/stage'
import type { Camera } from './camera'
import { putEntries, someMonths } from './month'

/** Long enough for the browser to draw its own windows completely, which no event reports. */
const DRAWN_MS = 1_000

const AGENTS = [
  { username: 'dana', name: 'Dana Reyes' },
  { username: 'sam', name: 'Sam Okafor' },
  { username: 'noor', name: 'Noor Haddad' },
] as const

/** The part of the extension API that is used here. Firefox has it under this name too. */
declare const chrome: {
  action: { openPopup(): Promise<void> }
}

/** Takes every surface of an extension that users have installed themselves, without a policy. */
export async function shootPersonal(name: BrowserName, camera: Camera): Promise<void> {
  const stage = await openStage({
    browser: name,
    extensionDir: shipped(name),
    instance: { tenants: [{ alias: 'acme', agents: AGENTS }] },
    // There is no desktop to show notifications. With this preference Firefox shows them itself.
    extraPrefs: { 'alerts.useSystemBackend': false },
  })
  try {
    await allowNotifications(stage)
    await camera.page(await stage.browser.pageAt('welcome.html'), 'welcome')
    const popup = await stage.browser.extension.openPage('popup.html')
    await shootEmpty(stage, camera, popup)
    await shootPopup(stage, camera, popup)
    await shootLeaveModal(stage, camera)
    await shootFlag(stage, camera, popup)
    await shootOptions(stage, camera)
  } finally {
    await stage.close()
  }
}

/** The stock CCP asks for permission to show notifications, and Chromium's prompt would cover the picture. */
async function allowNotifications({ browser, instance }: Stage): Promise<void> {
  if (browser.name !== 'chromium') return
  const { origin } = new URL(instance.url.ccp('v1'))
  const permission = { permission: { name: 'notifications' }, state: 'granted' } as const
  await browser.driver.defaultBrowserContext().setPermission(origin, permission)
}

async function shootEmpty(stage: Stage, camera: Camera, popup: Page): Promise<void> {
  await says(popup, 'h3', 'No CCP')
  await camera.popup(popup, 'popup-empty')
  for (const section of ['log', 'report'] as const) {
    const page = await stage.browser.extension.openPage(`options.html#${section}`)
    await page.waitFor((id: string) => document.querySelector(`#${id} .empty`) !== null, section)
    await camera.page(page, `${section}-empty`)
    await page.discard()
  }
}

async function shootPopup(stage: Stage, camera: Camera, popup: Page): Promise<void> {
  const { browser, instance, display } = stage
  const dana = instance.agent('dana')
  const shoot = (state: string) => camera.popup(popup, `popup-${state}`)
  const ccp = await stage.openAvailable(instance.url.ccp('v1', { signInAs: 'dana' }), { username: 'dana' })
  await says(popup, '.pill', 'Protected')
  await shoot('available')
  if (browser.name === 'chromium') {
    await ccp.driver.setViewport(null)
    await resize(ccp, 1000, 620)
    await ccp.toFront()
    await browser.extension.evaluateInBackground(() => chrome.action.openPopup())
    await drawn()
    const { x, y, width, height } = await ccp.evaluate(() => {
      return { x: screenX, y: screenY, width: outerWidth, height: outerHeight }
    })
    const file = join(camera.folder, 'ccp-and-popup.png')
    await run('scrot', ['--overwrite', '--autoselect', `${x},${y},${width},${height}`, file], display.env)
    // The popup closes when something else gets the focus.
    await popup.toFront()
  }
  dana.set('Lunch')
  await says(popup, '.agent h3', 'Lunch')
  await shoot('lunch')
  dana.set('routable')
  dana.ring()
  await says(popup, '.agent h3', 'Incoming contact')
  await shoot('incoming')
  dana.accept()
  await says(popup, '.agent h3', 'On a call')
  await shoot('contact')
  dana.endContact()
  await says(popup, '.agent h3', 'After contact work')
  await shoot('after-contact')
  dana.clearContact()
  await says(popup, '.agent h3', 'Available')
  for (const mode of ['observe', 'off'] as const) {
    await choose(stage, { mode })
    await says(popup, '.pill', mode === 'observe' ? 'Trial' : 'Off')
    await shoot(mode)
  }
  await choose(stage, {})
  await says(popup, '.pill', 'Protected')
  await closeLogged(stage, ccp)
  await popup.waitFor(() => document.querySelector('.last .pill') !== null)
  await shoot('last')
  const again = await browser.newWindow(instance.url.ccp('v1', { signInAs: 'dana' }))
  await says(popup, '.going', 'since your CCP was closed')
  await shoot('return')
  await again.discard()
  await says(popup, 'h3', 'No CCP')
}

/** The modal over a CCP whose agent chose to stay when the browser asked whether to leave the page. */
async function shootLeaveModal(stage: Stage, camera: Camera): Promise<void> {
  const { instance, display } = stage
  await choose(stage, { leaveDialog: 'routable' })
  for (const outcome of ['offline', 'failed'] as const) {
    const ccp = await stage.openAvailable(instance.url.ccp('v1', { signInAs: 'sam' }), { username: 'sam' })
    if (outcome === 'failed') {
      instance.faults.set({ operation: 'PutAgentState', fail: { first: 99, code: 'InvalidStateException' } })
    }
    const before = await stage.log()
    const answered = new Promise<void>((resolve, reject) => {
      ccp.driver.once('dialog', (dialog) => void dialog.dismiss().then(resolve, reject))
    })
    await ccp.click('body')
    await ccp.toFront()
    await display.key('ctrl+w')
    await answered
    await ccp.waitFor('ccp-signoff-leave')
    await stage.newEntries(before)
    for (const width of [400, 1280]) {
      await ccp.driver.setViewport({ width, height: 700 })
      await camera.site(ccp, `leave-${outcome}-${width}`)
    }
    instance.faults.clear()
    await ccp.discard()
    await stage.newEntries(before, 2)
  }
  await choose(stage, {})
}

/** A close that Connect has not confirmed: the notification, the popup, and the flag above the log's entries. */
async function shootFlag(stage: Stage, camera: Camera, popup: Page): Promise<void> {
  const { instance, display } = stage
  const ccp = await stage.openAvailable(instance.url.ccp('v1', { signInAs: 'noor' }), { username: 'noor' })
  instance.faults.set({ operation: 'PutAgentState', hang: true })
  instance.faults.set({ operation: 'authorize', fail: { code: 'UnauthorizedException' } })
  await closeLogged(stage, ccp)
  await says(popup, '.notice h3', 'Noor Haddad may still be Available')
  await drawn()
  await camera.display(display, 'notification')
  await camera.popup(popup, 'popup-flagged')
  instance.faults.clear()
  const log = await stage.browser.extension.openPage('options.html#log')
  await says(log, '.left h4', 'Noor Haddad may still be Available')
  await camera.page(log, 'log-flagged')
  await log.evaluate(() => document.querySelector<HTMLElement>('.left [data-focus^="dismiss"]')?.click())
  await says(log, '.left', 'Nobody left Available')
  await log.discard()
}

async function shootOptions(stage: Stage, camera: Camera): Promise<void> {
  const { instance, browser } = stage
  await browser.extension.readStore(putEntries, JSON.stringify(someMonths(Date.now())))
  const open = (section: string): Promise<Page> => browser.extension.openPage(`options.html#${section}`)
  const log = await open('log')
  await log.waitFor(() => document.querySelectorAll('#log-rows tr:not(.more)').length > 12)
  await camera.page(log, 'log')
  // The first confirmed entry.
  await log.click('#log-rows tr:has(.pill.good) .expander')
  await camera.page(log, 'log-details')
  await log.discard()
  const ccp = await stage.openAvailable(instance.url.ccp('v2', { signInAs: 'dana' }), { username: 'dana' })
  for (const section of ['report', 'health', 'settings', 'kept'] as const) {
    const page = await open(section)
    await page.waitFor((id: string) => document.getElementById(id)?.hidden === false, section)
    await camera.page(page, `${section}-whole`, undefined, true)
    await camera.page(page, section)
    await page.discard()
  }
  await closeLogged(stage, ccp)
}

async function choose({ browser }: Stage, settings: object): Promise<void> {
  await storeSettings(browser, settings)
}

/** Closes the CCP's tab by its shortcut, and waits for the log entry. */
async function closeLogged(stage: Stage, ccp: Page): Promise<void> {
  const before = await stage.log()
  await closeTabByKey(ccp)
  await stage.newEntries(before)
}

/** Waits until an element that matches the selector contains the text. */
export function says(page: Page, selector: string, text: string): Promise<unknown> {
  return until(`“${text}” in ${selector}`, () =>
    page.evaluate(
      (s: string, t: string) => [...document.querySelectorAll(s)].some((each) => each.textContent.includes(t)),
      selector,
      text,
    ),
  )
}

async function resize({ driver }: Page, width: number, height: number): Promise<void> {
  const session = await driver.createCDPSession()
  const { windowId } = await session.send('Browser.getWindowForTarget')
  await session.send('Browser.setWindowBounds', { windowId, bounds: { width, height } })
  await session.detach()
}

function drawn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, DRAWN_MS))
}
