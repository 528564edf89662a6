import manifest from '../../manifest.json'

/** Ids and addresses, which are known only once packages are made. */
export interface Placed {
  /** The extension's id in Chromium, which comes from the signing key. */
  readonly chromiumId: string
  /** The add-on's id in Firefox. An organization needs its own to have the add-on signed. */
  readonly firefoxId: string
  readonly updateUrl: string
  readonly xpiUrl: string
}

/** Placeholders, for the sample policies in the repository. */
export const TEMPLATE: Placed = {
  chromiumId: '__CHROMIUM_ID__',
  firefoxId: '__FIREFOX_ID__',
  updateUrl: '__UPDATE_URL__',
  xpiUrl: '__XPI_URL__',
}

/** The add-on's id in Firefox where no other was given. */
export const FIREFOX_ID = manifest.browser_specific_settings.gecko.id

export type ChromiumName = 'chrome' | 'edge'
export type PolicyBrowser = ChromiumName | 'firefox'
/** The browsers whose settings Intune can set by a template: Windows rejects Edge's. See `intune.ts`. */
export type IntuneBrowser = 'chrome' | 'firefox'

/**
 * Where each browser reads its policies: on Windows the key below HKEY_LOCAL_MACHINE or HKEY_CURRENT_USER, on macOS the
 * preference domain.
 */
export const BROWSERS: Readonly<Record<PolicyBrowser, { name: string; registry: string; domain: string }>> = {
  chrome: { name: 'Google Chrome', registry: 'Software\\Policies\\Google\\Chrome', domain: 'com.google.Chrome' },
  edge: { name: 'Microsoft Edge', registry: 'Software\\Policies\\Microsoft\\Edge', domain: 'com.microsoft.Edge' },
  firefox: { name: 'Mozilla Firefox', registry: 'Software\\Policies\\Mozilla\\Firefox', domain: 'org.mozilla.firefox' },
}

/** The registry key from which a browser reads the extension's own settings, without the hive. */
export function settingsKey(browser: PolicyBrowser, { chromiumId, firefoxId }: Placed): string {
  const { registry } = BROWSERS[browser]
  return browser === 'firefox'
    ? `${registry}\\3rdparty\\Extensions\\${firefoxId}`
    : `${registry}\\3rdparty\\extensions\\${chromiumId}\\policy`
}

/**
 * The policy that keeps the extension's button on the toolbar, where agents see badge and status. Chrome:
 * https://support.google.com/chrome/a/answer/9867568; Edge has a key of its own:
 * https://learn.microsoft.com/deployedge/microsoft-edge-manage-extensions-ref-guide; Firefox:
 * https://mozilla.github.io/policy-templates/#extensionsettings (and the manifest's own `default_area`).
 */
const PINNED: Readonly<Record<PolicyBrowser, Readonly<Record<string, string>>>> = {
  chrome: { toolbar_pin: 'force_pinned' },
  edge: { toolbar_state: 'force_shown' },
  firefox: { default_area: 'navbar' },
}

/** The value of the browser's policy `ExtensionSettings` that installs the extension and pins its button. */
export function extensionSettings(
  browser: PolicyBrowser,
  { chromiumId, firefoxId, updateUrl, xpiUrl }: Placed,
): Record<string, Record<string, string | boolean>> {
  const mode = { installation_mode: 'force_installed' }
  return browser === 'firefox'
    ? { [firefoxId]: { ...mode, install_url: xpiUrl, ...PINNED.firefox } }
    : // Without the override, updates would come from the address in the package, which is the broad channel's.
      { [chromiumId]: { ...mode, update_url: updateUrl, override_update_url: true, ...PINNED[browser] } }
}
