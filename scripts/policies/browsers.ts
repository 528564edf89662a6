import manifest from '../../manifest.json'
import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'

/** What only a package knows; it fills these in. */
export interface Placed {
  /** The extension's id in Chromium: that of the key in use. */
  readonly chromiumId: string
  readonly updateUrl: string
  readonly xpiUrl: string
}

/** Stands in for what is not known yet, in the templates of the repository. */
export const TEMPLATE: Placed = {
  chromiumId: '__CHROMIUM_ID__',
  updateUrl: '__UPDATE_URL__',
  xpiUrl: '__XPI_URL__',
}

export const FIREFOX_ID = manifest.browser_specific_settings.gecko.id

export type ChromiumName = 'chrome' | 'edge'
export type PolicyBrowser = ChromiumName | 'firefox'
/** The browsers whose settings Windows lets Intune set by a template. */
export type IntuneBrowser = 'chrome' | 'firefox'

/** Where each browser looks, on Windows below HKEY_LOCAL_MACHINE or HKEY_CURRENT_USER, on macOS by preference domain. */
export const BROWSERS: Readonly<Record<PolicyBrowser, { name: string; registry: string; domain: string }>> = {
  chrome: { name: 'Google Chrome', registry: 'Software\\Policies\\Google\\Chrome', domain: 'com.google.Chrome' },
  edge: { name: 'Microsoft Edge', registry: 'Software\\Policies\\Microsoft\\Edge', domain: 'com.microsoft.Edge' },
  firefox: { name: 'Mozilla Firefox', registry: 'Software\\Policies\\Mozilla\\Firefox', domain: 'org.mozilla.firefox' },
}

/** The registry key under which a browser looks for the extension's own settings. */
export function settingsKey(browser: PolicyBrowser, { chromiumId }: Placed): string {
  const { registry } = BROWSERS[browser]
  return browser === 'firefox'
    ? `${registry}\\3rdparty\\Extensions\\${FIREFOX_ID}`
    : `${registry}\\3rdparty\\extensions\\${chromiumId}\\policy`
}

/** What installs the extension, as the browser's policy `ExtensionSettings` wants it. */
export function extensionSettings(
  browser: PolicyBrowser,
  { chromiumId, updateUrl, xpiUrl }: Placed,
): Record<string, Record<string, string | boolean>> {
  return browser === 'firefox'
    ? { [FIREFOX_ID]: { installation_mode: 'force_installed', install_url: xpiUrl } }
    : // Without the override, updates would come from the address in the package: the broad channel's.
      { [chromiumId]: { installation_mode: 'force_installed', update_url: updateUrl, override_update_url: true } }
}

export type SampleValue = string | number | boolean | readonly string[]

/** Every setting, at its default: to be changed or left out by whoever copies it. */
export function sampleValues(): Record<string, SampleValue> {
  return Object.fromEntries(Object.entries(POLICY_SPECS).map(([key, spec]) => [key, defaultOf(spec)]))
}

function defaultOf(spec: SettingSpec): SampleValue {
  return spec.default
}
