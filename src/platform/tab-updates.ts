import { browser } from './browser'
import { isFirefox } from './is-firefox'

/**
 * Listens for tabs of these addresses that begin or end a load, or lose their page; no other tab wakes a stopped background. In
 * Firefox alone: Chromium cannot leave out the other tabs. A page whose process has died changes its tab's title, and not its
 * status (Firefox 153: to "Tab crash reporter").
 */
export function onTabLoad(urls: readonly string[], listener: (tabId: number) => void): void {
  if (!isFirefox()) return
  browser.tabs.onUpdated.addListener((tabId) => listener(tabId), { urls: [...urls], properties: ['status', 'title'] })
}
