import { createHash } from 'node:crypto'
import plist from 'plist'
import type { PlistValue } from 'plist'
import type { Placed, PolicyBrowser } from './browsers'
import { BROWSERS, extensionSettings } from './browsers'
import type { SampleValues } from './values'

const ORGANIZATION = 'com.example.it'

/** A configuration profile (.mobileconfig) for macOS that installs the extension and sets these settings. */
export function mobileconfig(browser: PolicyBrowser, placed: Placed, sample: SampleValues): string {
  const payloads = Object.entries(domainsOf(browser, placed, sample)).map(([domain, settings]) => ({
    PayloadType: domain,
    PayloadIdentifier: `${ORGANIZATION}.${domain}`,
    PayloadUUID: uuidOf(domain),
    PayloadVersion: 1,
    ...settings,
  }))
  return `${plist.build({
    PayloadContent: payloads,
    PayloadDisplayName: `Signoff for Amazon Connect (${BROWSERS[browser].name})`,
    PayloadIdentifier: `${ORGANIZATION}.ccp-signoff.${browser}`,
    PayloadScope: 'System',
    PayloadType: 'Configuration',
    PayloadUUID: uuidOf(browser),
    PayloadVersion: 1,
  })}\n`
}

/** The settings by preference domain. Chromium reads an extension's own settings from a separate domain. */
function domainsOf(
  browser: PolicyBrowser,
  placed: Placed,
  sample: SampleValues,
): Record<string, Record<string, PlistValue>> {
  const { domain } = BROWSERS[browser]
  const install = { ExtensionSettings: extensionSettings(browser, placed) }
  const values = sample as Record<string, PlistValue>
  if (browser !== 'firefox') return { [domain]: install, [`${domain}.extensions.${placed.chromiumId}`]: values }
  const thirdParty = { Extensions: { [placed.firefoxId]: values } }
  return { [domain]: { EnterprisePoliciesEnabled: true, ...install, '3rdparty': thirdParty } }
}

/** The same UUID for the same name, so that a newer profile replaces the one that is installed. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`ccp-signoff ${name}`).digest('hex')
  // In the form of a version 4 UUID.
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
