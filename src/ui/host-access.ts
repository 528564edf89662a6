import { browser } from '../platform/browser'
import { hostOrigins } from '../platform/hosts'

/** Asks for one host. Resolves to whether it was given. To be called in the user's own click. */
export function requestHost(pattern: string): Promise<boolean> {
  return browser.permissions.request({ origins: [pattern] })
}

/** Asks for the CCP's sites. Resolves to whether they were given. To be called in the user's own click. */
export function requestHosts(): Promise<boolean> {
  return browser.permissions.request({ origins: hostOrigins() })
}
