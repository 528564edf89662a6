import { browser } from './browser'

/**
 * Keeps what policy sets, the collector's key among it, from content scripts, and from code that takes over the process of one:
 * none of them reads it. Chromium's documentation says that it shows it to them unless it is told not to.
 * Never rejects: a Chromium that has no such level for this storage leaves it as it was.
 */
export async function hideManagedStorage(): Promise<void> {
  const area = browser.storage.managed as Partial<{
    setAccessLevel(level: { accessLevel: 'TRUSTED_CONTEXTS' }): Promise<void>
  }>
  await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined)
}
