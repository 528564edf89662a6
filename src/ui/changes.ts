import { browser } from '../platform/browser'
import { signalledKeys } from '../platform/stored-signal'

/** The keys under which the background stores, and by which pages learn of changes; the log and the outbox as a whole. */
type StoredKey = 'sessions' | 'settings' | 'policy' | 'log' | 'outbox' | 'heartbeats' | 'fieldCheck'

/**
 * Calls back whenever something has been stored under one of the keys; a policy may change in the browser's own store, and data
 * of this run alone in `storage.session`.
 */
export function onStored(keys: readonly StoredKey[], changed: () => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    const signalled = signalledKeys(changes, area)
    const isOwn = area === 'session' && keys.some((key) => Object.hasOwn(changes, key))
    const isStored = isOwn || keys.some((key) => signalled.includes(key))
    if (isStored || (area === 'managed' && keys.includes('policy'))) changed()
  })
}
