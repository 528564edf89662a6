import type { DataKind } from '../domain/fleet/consent'
import { browser } from '../platform/browser'
import { hostOrigins } from '../platform/hosts'

/**
 * Asks for one host, and for the consent that these kinds of data may be sent, where the browser keeps such consents.
 * Resolves to whether all was given. To be called in the user's own click.
 */
export function requestHost(pattern: string, kinds: readonly DataKind[]): Promise<boolean> {
  // Chromium refuses a request with a key that it does not know.
  const consents = kinds.length === 0 ? {} : { data_collection: [...kinds] }
  return browser.permissions.request({ origins: [pattern], ...consents })
}

/** Asks for the CCP's sites. Resolves to whether they were given. To be called in the user's own click. */
export function requestHosts(): Promise<boolean> {
  return browser.permissions.request({ origins: hostOrigins() })
}
