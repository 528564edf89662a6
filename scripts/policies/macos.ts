import { createHash } from 'node:crypto'
import plist from 'plist'
import type { PlistValue } from 'plist'
import type { Placed, PolicyBrowser } from './browsers'
import { BROWSERS, extensionSettings } from './browsers'
import type { SampleValues } from './values'

const ORGANIZATION = 'com.example.it'

/** A configuration profile that installs the extension and sets values. */
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

/** By preference domain: Chromium reads an extension's settings from a domain of its own. */
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

/** The same for the same name: a profile that is installed anew replaces the one before. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(`ccp-signoff ${name}`).digest('hex')
  // The form of a random one, version 4.
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
