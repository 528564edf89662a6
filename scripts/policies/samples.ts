import { adml, admx } from './admx'
import type { ChromiumName, IntuneBrowser, Placed, PolicyBrowser } from './browsers'
import { extensionSettings } from './browsers'
import { intuneRows } from './intune'
import { json } from './json'
import { mobileconfig } from './macos'
import { registryFile, registryScript } from './registry'
import type { Channel, SampleValues } from './values'
import { allValues, minimalValues } from './values'

type Files = Record<string, string>

/**
 * Every sample policy, by its path: short ones, the same with every
 * setting in `reference/`, and the templates, which set no values.
 */
export function samplePolicies(placed: Placed, channel: Channel): Files {
  const reference = Object.entries(withValues(placed, allValues(channel)))
  return {
    ...withValues(placed, minimalValues(channel)),
    ...Object.fromEntries(reference.map(([path, text]) => [`reference/${path}`, text])),
    ...templates(placed),
  }
}

function withValues(placed: Placed, values: SampleValues): Files {
  return {
    ...chromium('chrome', placed, values),
    // The Admin console takes an extension's settings as a JSON text of their own, each wrapped as { "Value": ... }.
    'chrome/admin-console.json': json(
      Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])),
    ),
    'chrome/intune.json': json(intuneRows('chrome', values)),
    ...chromium('edge', placed, values),
    'edge/intune.ps1': registryScript('edge', placed, values),
    ...everywhere('firefox', placed, values),
    'firefox/intune.json': json(intuneRows('firefox', values)),
    'firefox/policies.json': json({
      policies: {
        ExtensionSettings: extensionSettings('firefox', placed),
        '3rdparty': { Extensions: { [placed.firefoxId]: values } },
      },
    }),
  }
}

function chromium(browser: ChromiumName, placed: Placed, values: SampleValues): Files {
  return {
    ...everywhere(browser, placed, values),
    [`${browser}/linux.json`]: json({
      ExtensionSettings: extensionSettings(browser, placed),
      '3rdparty': { extensions: { [placed.chromiumId]: values } },
    }),
  }
}

function everywhere(browser: PolicyBrowser, placed: Placed, values: SampleValues): Files {
  return {
    [`${browser}/macos.mobileconfig`]: mobileconfig(browser, placed, values),
    [`${browser}/windows.reg`]: registryFile(browser, placed, values),
  }
}

function templates(placed: Placed): Files {
  return {
    'windows/ccp-signoff.admx': admx(placed),
    'windows/en-US/ccp-signoff.adml': adml(),
    ...intuneTemplates('chrome', placed),
    ...intuneTemplates('firefox', placed),
    // For the policy ExtensionSettings in Group Policy and Intune, whose field takes one line.
    ...oneLine('chrome', placed),
    ...oneLine('edge', placed),
    ...oneLine('firefox', placed),
  }
}

/** Intune lists imported templates by file name, so each browser's file has its own name. */
function intuneTemplates(browser: IntuneBrowser, placed: Placed): Files {
  return {
    [`${browser}/ccp-signoff-${browser}.admx`]: admx(placed, [browser]),
    [`${browser}/ccp-signoff-${browser}.adml`]: adml([browser]),
  }
}

function oneLine(browser: PolicyBrowser, placed: Placed): Files {
  return { [`${browser}/extension-settings.json`]: `${JSON.stringify(extensionSettings(browser, placed))}\n` }
}
