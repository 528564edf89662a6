/** The tab of a recovery CCP: made so that it takes nobody's focus and covers nobody's work. */
import type { Whereabouts } from '../domain/closes/recovery-tab-verdict'
import { isCcpUrl } from '../protocol/ccp-urls'
import { browser } from '../platform/browser'
import { isFirefox } from '../platform/is-firefox'

/** Empty: the tab can be recognized before anything is loaded in it. */
const WAITING_PAGE = 'recovery.html'
/** A CCP's own size. */
const SIZE = { width: 400, height: 640 }

/**
 * Whether the browser has a window: a browser without one is about to end, or runs in the background, and must not be brought
 * back.
 */
export async function hasWindow(): Promise<boolean> {
  return (await browser.windows.getAll({ windowTypes: ['normal', 'popup'] })).length > 0
}

/**
 * Makes the tab, with nothing in it. Measured: Chromium's unfocused popup stays behind the window that has the focus. Firefox
 * refuses an unfocused window; a minimised one takes the focus for a moment, an inactive tab does not.
 */
export async function makeRecoveryTab(): Promise<number> {
  const url = browser.runtime.getURL(WAITING_PAGE)
  const tabId = isFirefox() ? await makeInactiveTab(url) : await makeUnfocusedWindow(url)
  if (tabId === undefined) throw new Error('The browser has made no tab.')
  return tabId
}

async function makeUnfocusedWindow(url: string): Promise<number | undefined> {
  const made = await browser.windows.create({ url, focused: false, type: 'popup', ...SIZE })
  return made.tabs?.[0]?.id
}

async function makeInactiveTab(url: string): Promise<number | undefined> {
  // A private window has another session.
  const windows = (await browser.windows.getAll({ windowTypes: ['normal'] })).filter(({ incognito }) => !incognito)
  const windowId = (windows.find(({ focused }) => focused) ?? windows[0])?.id
  if (windowId !== undefined) return (await browser.tabs.create({ url, active: false, windowId })).id
  return (await browser.windows.create({ url, state: 'minimized' })).tabs?.[0]?.id
}

/** Loads the CCP in it. */
export async function sendTab(tabId: number, url: string): Promise<void> {
  await browser.tabs.update(tabId, { url })
}

/** What the tab shows, as far as the browser lets the extension see it: an address that it hides is not a CCP's. */
export async function whereIs(tabId: number): Promise<Whereabouts> {
  try {
    const { url = '', status } = await browser.tabs.get(tabId)
    if (url.startsWith(browser.runtime.getURL(WAITING_PAGE))) return 'waiting'
    if (isCcpUrl(url)) return 'ccp'
    return status === 'loading' ? 'loading' : 'elsewhere'
  } catch {
    return 'gone'
  }
}

export async function closeTab(tabId: number): Promise<void> {
  try {
    await browser.tabs.remove(tabId)
  } catch {
    // The tab is gone.
  }
}

/** Closes the tabs of workers that died before they could store the tab's id, and tabs that a browser has restored. */
export async function closeWaitingTabs(except: number | null): Promise<void> {
  const tabs = await browser.tabs.query({ url: browser.runtime.getURL(WAITING_PAGE) })
  const ids = tabs.flatMap(({ id }) => (id === undefined || id === except ? [] : [id]))
  await Promise.all(ids.map(closeTab))
}
