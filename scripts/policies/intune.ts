/**
 * Rows for Intune's custom profile (OMA-URI). Windows rejects templates that write below Software\Policies\Microsoft,
 * with few exceptions. Edge therefore gets a script, which is Microsoft's own advice:
 * https://learn.microsoft.com/windows/client-management/win32-and-centennial-app-policy-configuration
 */
import { categoryName, policyName } from './admx'
import type { IntuneBrowser } from './browsers'
import type { SampleValue, SampleValues } from './values'
import { groupOf } from './words'
import { escaped } from './xml'

export interface OmaUri {
  readonly name: string
  readonly omaUri: string
  readonly dataType: 'String'
  /** The text for the field "Value"; in the template's row, the path of the file whose text goes there. */
  readonly value: string
}

const POLICY = './Device/Vendor/MSFT/Policy'
/** The name under which Windows keeps a template. They differ, since a device may have both. */
const APP: Readonly<Record<IntuneBrowser, string>> = { chrome: 'CcpSignoffChrome', firefox: 'CcpSignoffFirefox' }

/** The rows of a browser: the template first, then a row for each value. */
export function intuneRows(browser: IntuneBrowser, values: SampleValues): OmaUri[] {
  const template = {
    name: 'Template',
    omaUri: `${POLICY}/ConfigOperations/ADMXInstall/${APP[browser]}/Policy/${APP[browser]}Admx`,
    dataType: 'String',
    value: `${browser}/ccp-signoff-${browser}.admx`,
  } as const
  const rows = Object.entries(values).map(([key, value]) => ({
    name: key,
    // The path names the categories from the outermost in.
    omaUri: `${POLICY}/Config/${APP[browser]}~Policy~${['signoff', ...categories(browser, key)].join('~')}/${policyName(browser, key)}`,
    dataType: 'String' as const,
    value: valueOf(key, value),
  }))
  return [template, ...rows]
}

function categories(browser: IntuneBrowser, key: string): string[] {
  const group = groupOf(key)
  return group === null ? [browser] : [browser, categoryName(browser, group.id)]
}

function valueOf(key: string, value: SampleValue): string {
  const data = (text: string): string => `<enabled/><data id="${key}" value="${escaped(text)}"/>`
  if (typeof value === 'boolean') return value ? '<enabled/>' : '<disabled/>'
  if (typeof value !== 'object') return data(String(value))
  // A list alternates names and values, with U+F000 between them.
  return data(value.flatMap((text, index) => [String(index + 1), text]).join('\uF000'))
}
