import { browser } from './browser'

/** The sites that the manifest asks for; in Firefox people may withhold or withdraw access to them. */
export function hostOrigins(): string[] {
  const { host_permissions: hosts } = browser.runtime.getManifest() as { host_permissions?: string[] }
  return hosts ?? []
}

/** Whether the browser grants access to the CCP's sites at all. */
export function hasHosts(): Promise<boolean> {
  return browser.permissions.contains({ origins: hostOrigins() })
}

/** Calls back when permissions were granted or withdrawn. */
export function onHostsChanged(changed: () => void): void {
  browser.permissions.onAdded.addListener(changed)
  browser.permissions.onRemoved.addListener(changed)
}
