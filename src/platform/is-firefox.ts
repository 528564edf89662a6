import { browser } from './browser'

/** Whether the browser is Firefox, by the scheme of our own addresses: for what browsers do differently, and say nowhere. */
export function isFirefox(): boolean {
  return browser.runtime.getURL('').startsWith('moz-extension:')
}
