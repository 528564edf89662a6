import { browser } from '../platform/browser'

/** What the background stores, and so what tells the pages that something is new. */
type StoredKey = 'sessions' | 'settings' | 'policy' | 'logRevision' | 'fleetRevision'

/** Calls back whenever one of the keys changes in the browser's local storage; a policy may change in the browser's own. */
export function onStored(keys: readonly StoredKey[], changed: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    const isStored = area === 'local' && keys.some((key) => Object.hasOwn(changes, key))
    if (isStored || (area === 'managed' && keys.includes('policy'))) changed()
  })
}
