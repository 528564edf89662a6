import { browser } from './browser'

/**
 * Whether the browser is Firefox, by the scheme of the extension's own addresses: for differences between browsers that no API
 * shows.
 */
export function isFirefox(): boolean {
  return browser.runtime.getURL('').startsWith('moz-extension:')
}
