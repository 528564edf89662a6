import { browser } from '../platform/browser'
import { hostOrigins } from '../platform/hosts'

/** Asks for the CCP's sites. Resolves to whether they were given. To be called in the user's own click. */
export function requestHosts(): Promise<boolean> {
  return browser.permissions.request({ origins: hostOrigins() })
}
