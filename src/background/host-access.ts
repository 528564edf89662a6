import { browser } from '../platform/browser'

/** A site that the manifest asks for, and whether the browser grants access to it. */
export interface HostAccess {
  readonly pattern: string
  readonly isGranted: boolean
}

/** The sites that the manifest asks for; people may withdraw access, and Firefox grants it only on request. */
export function hostAccess(): Promise<HostAccess[]> {
  const { host_permissions: hosts = [] } = browser.runtime.getManifest() as { host_permissions?: string[] }
  return Promise.all(
    hosts.map(async (pattern) => ({ pattern, isGranted: await browser.permissions.contains({ origins: [pattern] }) })),
  )
}
