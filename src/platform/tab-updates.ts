import { browser } from './browser'
import { isFirefox } from './is-firefox'

/**
 * Listens for tabs of these addresses that begin or end a load; no other tab wakes a stopped background. In Firefox alone:
 * Chromium cannot leave out the other tabs.
 */
export function onTabLoad(urls: readonly string[], listener: (tabId: number) => void): void {
  if (!isFirefox()) return
  browser.tabs.onUpdated.addListener((tabId) => listener(tabId), { urls: [...urls], properties: ['status'] })
}
