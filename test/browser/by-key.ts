import type { Display } from './display'
import type { Browser, Page } from './types'
import { until } from './until'

/**
 * What people do with the keyboard. A driver's own close() fires no `beforeunload`; a key press takes the same way as
 * a person's close.
 */

/** Closes the tab by Ctrl+W; resolves when it is gone. */
export async function closeTabByKey(page: Page): Promise<void> {
  await page.toFront()
  await page.browser.display.key('ctrl+w')
  await until('the tab to close', () => page.isClosed() || page.browser.hasExited())
}

/**
 * Closes the page's window with all its tabs by Ctrl+Shift+W; resolves when it is gone. Not by Alt+F4, which openbox
 * handles, and which missed 1 press of 3 on a busy machine; none of 20 of these was missed.
 */
export async function closeWindowByKey(page: Page): Promise<void> {
  const { display } = page.browser
  const window = await page.toFront()
  await display.key('ctrl+shift+w')
  await until('the window to close', async () => !(await display.hasWindow(window)))
  await until('the tab to close', () => page.isClosed() || page.browser.hasExited())
}

/** Reloads by F5; resolves when the new document is complete. */
export async function reloadByKey(page: Page): Promise<void> {
  await page.toFront()
  const before = await page.evaluate(() => performance.timeOrigin)
  await page.browser.display.key('F5')
  await until('the page to reload', () =>
    page.evaluate((old: number) => performance.timeOrigin !== old && document.readyState === 'complete', before),
  )
}

/** Focuses the address bar; resolves when the page has lost the focus, which takes time on a busy machine. */
export async function focusAddress(page: Page): Promise<void> {
  await page.toFront()
  await page.browser.display.key('ctrl+l')
  await until('the page to lose the focus', () => page.evaluate(() => !document.hasFocus()))
}

/** Types an address into the address bar; resolves when the document there has loaded. */
export async function typeAddress(page: Page, url: string): Promise<void> {
  const { display } = page.browser
  const before = await page.evaluate(() => performance.timeOrigin)
  await focusAddress(page)
  await display.type(url)
  await display.key('Return')
  await until(`${url} to be there`, () =>
    page.evaluate((old: number) => performance.timeOrigin !== old && document.readyState === 'complete', before),
  )
}

/** Quits the browser with all its windows by keys; resolves when its process has ended. */
export async function quitByKey(browser: Browser, from: Page = browser.home): Promise<void> {
  await from.toFront()
  await QUIT[browser.name](browser.display)
  await browser.exited()
}

const QUIT = {
  firefox: (display: Display) => display.key('ctrl+q'),
  // Chromium for Linux has no key for it, but a menu that opens by Alt+F and ends with E(x)it.
  chromium: async (display: Display) => {
    const before = await display.windows()
    await display.key('alt+f')
    await until('the menu', async () => (await display.windows()).some((id) => !before.includes(id)))
    await display.key('x')
  },
}
