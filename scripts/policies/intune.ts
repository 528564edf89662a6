/**
 * Rows for Intune's custom profile (OMA-URI), the template first. Windows refuses templates that write below
 * Software\Policies\Microsoft, with few exceptions: for Edge there is a script instead, as Microsoft advises there.
 * https://learn.microsoft.com/windows/client-management/win32-and-centennial-app-policy-configuration
 */
import type { SettingSpec } from '../../src/domain/setting-spec'
import { POLICY_SPECS } from '../../src/domain/policy'
import { policyName } from './admx'
import type { IntuneBrowser } from './browsers'
import { escaped } from './xml'

export interface OmaUri {
  readonly name: string
  readonly omaUri: string
  readonly dataType: 'String'
  /** What goes into the field "Value"; for the template itself, the name of the file whose text does. */
  readonly value: string
}

const POLICY = './Device/Vendor/MSFT/Policy'
/** Windows knows a template by this name: one device may have both. */
const APP: Readonly<Record<IntuneBrowser, string>> = { chrome: 'CcpSignoffChrome', firefox: 'CcpSignoffFirefox' }

/** The rows of a browser: the template first, then a row for each setting at its default. */
export function intuneRows(browser: IntuneBrowser): OmaUri[] {
  const template = {
    name: 'Template',
    omaUri: `${POLICY}/ConfigOperations/ADMXInstall/${APP[browser]}/Policy/${APP[browser]}Admx`,
    dataType: 'String',
    value: `${browser}/intune.admx`,
  } as const
  const rows = Object.entries(POLICY_SPECS).map(([key, spec]) => ({
    name: key,
    // By category, the outer one first.
    omaUri: `${POLICY}/Config/${APP[browser]}~Policy~signoff~${browser}/${policyName(browser, key)}`,
    dataType: 'String' as const,
    value: valueOf(key, spec),
  }))
  return [template, ...rows]
}

function valueOf(key: string, spec: SettingSpec): string {
  const data = (value: string): string => `<enabled/><data id="${key}" value="${escaped(value)}"/>`
  switch (spec.kind) {
    case 'switch':
      return spec.default ? '<enabled/>' : '<disabled/>'
    case 'choice':
    case 'text':
      return data(spec.default)
    case 'number':
      return data(String(spec.default))
    case 'list':
      // Name and value by turns, with a sign between them that no text has.
      return data(spec.default.flatMap((text, index) => [String(index + 1), text]).join('\uF000'))
  }
}
