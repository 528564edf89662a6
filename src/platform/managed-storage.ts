import { browser } from './browser'

/**
 * Hides what policy sets, the collector's key included, from content scripts, and from code that takes over the process of one:
 * none of them reads it. By Chromium's documentation they could read it otherwise. Never rejects: a Chromium that has no such
 * access level for this storage leaves it unchanged.
 */
export async function hideManagedStorage(): Promise<void> {
  const area = browser.storage.managed as Partial<{
    setAccessLevel(level: { accessLevel: 'TRUSTED_CONTEXTS' }): Promise<void>
  }>
  await area.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined)
}
