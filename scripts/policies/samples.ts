import { adml, admx } from './admx'
import type { ChromiumName, IntuneBrowser, Placed, PolicyBrowser } from './browsers'
import { extensionSettings, FIREFOX_ID, sampleValues } from './browsers'
import { intuneRows } from './intune'
import { mobileconfig } from './macos'
import { registryFile, registryScript } from './registry'

/** Every policy to copy, by its path. */
export function samplePolicies(placed: Placed): Record<string, string> {
  return {
    ...chromium('chrome', placed),
    // The keys of its force-installed extensions are set beside the extension, each value wrapped.
    'chrome/admin-console.json': json(
      Object.fromEntries(Object.entries(sampleValues()).map(([key, Value]) => [key, { Value }])),
    ),
    ...intune('chrome', placed),
    ...chromium('edge', placed),
    'edge/intune.ps1': registryScript('edge', placed),
    ...everywhere('firefox', placed),
    ...intune('firefox', placed),
    'firefox/policies.json': json({
      policies: {
        ExtensionSettings: extensionSettings('firefox', placed),
        '3rdparty': { Extensions: { [FIREFOX_ID]: sampleValues() } },
      },
    }),
    'windows/ccp-signoff.admx': admx(placed),
    'windows/en-US/ccp-signoff.adml': adml(),
  }
}

function chromium(browser: ChromiumName, placed: Placed): Record<string, string> {
  return {
    ...everywhere(browser, placed),
    [`${browser}/linux.json`]: json({
      ExtensionSettings: extensionSettings(browser, placed),
      '3rdparty': { extensions: { [placed.chromiumId]: sampleValues() } },
    }),
  }
}

function everywhere(browser: PolicyBrowser, placed: Placed): Record<string, string> {
  return {
    // For the setting of that name in Group Policy and Intune, which take one line.
    [`${browser}/extension-settings.json`]: `${JSON.stringify(extensionSettings(browser, placed))}\n`,
    [`${browser}/macos.mobileconfig`]: mobileconfig(browser, placed),
    [`${browser}/windows.reg`]: registryFile(browser, placed),
  }
}

function intune(browser: IntuneBrowser, placed: Placed): Record<string, string> {
  return {
    [`${browser}/intune.admx`]: admx(placed, [browser]),
    [`${browser}/intune.json`]: json(intuneRows(browser)),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
