/** @jest-environment jsdom */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import plist from 'plist'
import manifest from '../../../manifest.json'
import { BROWSERS, FIREFOX_ID, sampleValues, settingsKey, TEMPLATE } from '../../../scripts/policies/browsers'
import type { PolicyBrowser } from '../../../scripts/policies/browsers'
import { samplePolicies } from '../../../scripts/policies/samples'
import { managedSchema } from '../../../scripts/policies/schema'
import { filesIn } from '../../../scripts/package/zip'
import { NO_POLICY, POLICY_SPECS, resolveAll } from '../../../src/domain/policy'

const ROOT = join(__dirname, '../../..')
const committed = (path: string): string => readFileSync(join(ROOT, 'policies', path), 'utf8')
const KEYS = Object.keys(POLICY_SPECS)
const CHROMIUM_ID = TEMPLATE.chromiumId
type Values = Record<string, unknown>

test('the policies of the repository are those that `npm run policies` makes', () => {
  const made = samplePolicies(TEMPLATE)
  expect(Object.keys(filesIn(join(ROOT, 'policies'))).sort()).toEqual(Object.keys(made).sort())
  for (const [path, text] of Object.entries(made)) expect({ path, text: committed(path) }).toEqual({ path, text })
})

/** What a .reg file says: by key, its values. */
function readRegistry(text: string): Record<string, Values> {
  const [header, ...lines] = text.split('\r\n')
  expect(header).toBe('Windows Registry Editor Version 5.00')
  // Without a mark, Windows reads such a file in the code page of the machine.
  expect(text).toMatch(/^[\x20-\x7e\r\n]*$/)
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  const keys: Record<string, Values> = {}
  let values: Values = {}
  for (const line of lines.filter((each) => each !== '' && !each.startsWith(';'))) {
    const [, key] = /^\[HKEY_LOCAL_MACHINE\\(.+)\]$/.exec(line) ?? []
    const [, name = '', data = ''] = /^"(\w+)"=(.+)$/.exec(line) ?? []
    if (key !== undefined) keys[key] = values = {}
    else values[name] = readData(data)
  }
  return keys
}

function readData(data: string): unknown {
  const [, hex] = /^dword:([0-9a-f]{8})$/.exec(data) ?? []
  return hex === undefined ? JSON.parse(data) : Number.parseInt(hex, 16)
}

const json = (path: string): Values => JSON.parse(committed(path)) as Values
const at = (value: unknown, ...keys: string[]): Values =>
  keys.reduce<Values>((inner, key) => {
    expect(Object.keys(inner)).toContain(key)
    return inner[key] as Values
  }, value as Values)
const registry = (browser: PolicyBrowser): Values =>
  at(readRegistry(committed(`${browser}/windows.reg`)), settingsKey(browser, TEMPLATE))
const payloads = (browser: PolicyBrowser): Record<string, Values> => {
  const { PayloadContent } = plist.parse(committed(`${browser}/macos.mobileconfig`)) as { PayloadContent: Values[] }
  return Object.fromEntries(PayloadContent.map((payload) => [String(payload['PayloadType']), payload]))
}
/** A payload's settings, without what every payload has. */
const settingsIn = (payload: Values): Values =>
  Object.fromEntries(Object.entries(payload).filter(([key]) => !/^Payload[A-Z]/.test(key)))
const chromeOnMac = (browser: 'chrome' | 'edge'): Values =>
  settingsIn(at(payloads(browser), `${BROWSERS[browser].domain}.extensions.${CHROMIUM_ID}`))
const firefoxOnMac = (): Values => at(payloads('firefox'), 'org.mozilla.firefox')
const unwrapped = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([key, wrapped]) => [key, at({ wrapped }, 'wrapped')['Value']]))

/** The extension's settings in every sample that has them. */
const SETTINGS: [string, () => Values][] = [
  ['Chrome, Linux', () => at(json('chrome/linux.json'), '3rdparty', 'extensions', CHROMIUM_ID)],
  ['Edge, Linux', () => at(json('edge/linux.json'), '3rdparty', 'extensions', CHROMIUM_ID)],
  ['Chrome, Google Admin console', () => unwrapped(json('chrome/admin-console.json'))],
  ['Chrome, macOS', () => chromeOnMac('chrome')],
  ['Edge, macOS', () => chromeOnMac('edge')],
  ['Chrome, Windows', () => registry('chrome')],
  ['Edge, Windows', () => registry('edge')],
  ['Firefox, policies.json', () => at(json('firefox/policies.json'), 'policies', '3rdparty', 'Extensions', FIREFOX_ID)],
  ['Firefox, macOS', () => at(firefoxOnMac(), '3rdparty', 'Extensions', FIREFOX_ID)],
  ['Firefox, Windows', () => registry('firefox')],
]

describe.each(SETTINGS)('%s', (name, read) => {
  test('has every setting of the schema, and no other', () => {
    expect(Object.keys(read()).sort()).toEqual(Object.keys(managedSchema().properties).sort())
  })

  test('has values that are taken, in the types that the browser takes', () => {
    const values = read()
    expect(resolveAll({}, { ...NO_POLICY, state: 'delivered', values }).problems).toEqual([])
    if (name.includes('Windows')) return
    expect(values).toEqual(sampleValues())
    for (const [key, { type }] of Object.entries(managedSchema().properties)) {
      const found = Array.isArray(values[key]) ? 'array' : typeof values[key]
      expect([key, found]).toEqual([key, type === 'integer' ? 'number' : type])
    }
  })
})

const chromiumInstall = {
  [CHROMIUM_ID]: { installation_mode: 'force_installed', update_url: TEMPLATE.updateUrl, override_update_url: true },
}
const firefoxInstall = { [FIREFOX_ID]: { installation_mode: 'force_installed', install_url: TEMPLATE.xpiUrl } }
const inRegistry = (browser: 'chrome' | 'edge'): Values => {
  const keys = readRegistry(committed(`${browser}/windows.reg`))
  const { override_update_url, ...rest } = at(keys, `${BROWSERS[browser].registry}\\ExtensionSettings\\${CHROMIUM_ID}`)
  return { [CHROMIUM_ID]: { ...rest, override_update_url: override_update_url === 1 } }
}
const firefoxRegistry = (): unknown =>
  JSON.parse(String(at(readRegistry(committed('firefox/windows.reg')), BROWSERS.firefox.registry)['ExtensionSettings']))

test.each<[string, () => unknown, Values]>([
  ['Chrome, Linux', () => json('chrome/linux.json')['ExtensionSettings'], chromiumInstall],
  ['Edge, Linux', () => json('edge/linux.json')['ExtensionSettings'], chromiumInstall],
  ['Chrome, GPO and Intune', () => json('chrome/extension-settings.json'), chromiumInstall],
  ['Edge, GPO and Intune', () => json('edge/extension-settings.json'), chromiumInstall],
  ['Chrome, macOS', () => at(payloads('chrome'), 'com.google.Chrome')['ExtensionSettings'], chromiumInstall],
  ['Edge, macOS', () => at(payloads('edge'), 'com.microsoft.Edge')['ExtensionSettings'], chromiumInstall],
  ['Chrome, Windows', () => inRegistry('chrome'), chromiumInstall],
  ['Edge, Windows', () => inRegistry('edge'), chromiumInstall],
  ['Firefox', () => at(json('firefox/policies.json'), 'policies')['ExtensionSettings'], firefoxInstall],
  ['Firefox, GPO and Intune', () => json('firefox/extension-settings.json'), firefoxInstall],
  ['Firefox, macOS', () => firefoxOnMac()['ExtensionSettings'], firefoxInstall],
  ['Firefox, Windows', firefoxRegistry, firefoxInstall],
])('%s: the extension is installed', (_, read, install) => {
  expect(read()).toEqual(install)
})

test('Firefox on macOS reads policies at all', () => {
  expect(firefoxOnMac()['EnterprisePoliciesEnabled']).toBe(true)
})

test('Intune, Edge: the script writes what the registry file writes', () => {
  const written: Record<string, Values> = {}
  let values: Values = {}
  for (const line of committed('edge/intune.ps1').split('\r\n')) {
    const [, key] = /^\$key = 'HKLM:\\(.+)'$/.exec(line) ?? []
    const [, name, type, data = ''] = /-Name '(\w+)' -PropertyType (\w+) -Value (.+) -Force/.exec(line) ?? []
    if (key !== undefined) written[key] = values = {}
    if (name !== undefined) values[name] = type === 'DWord' ? Number(data) : data.replace(/^'(.*)'$/, '$1')
  }
  expect(written).toEqual(readRegistry(committed('edge/windows.reg')))
})

describe('Group Policy', () => {
  const parse = (path: string): Document => {
    const page = new DOMParser().parseFromString(committed(path), 'application/xml')
    expect(page.querySelector('parsererror')).toBeNull()
    return page
  }
  const admx = parse('windows/ccp-signoff.admx')
  const adml = parse('windows/en-US/ccp-signoff.adml')
  const browsers = Object.keys(BROWSERS) as PolicyBrowser[]
  const policyOf = (browser: PolicyBrowser, key: string): Element => {
    const found = admx.querySelector(`policy[name="${browser}_${key}"]`)
    if (found === null) throw new Error(`There is no policy ${browser}_${key}`)
    return found
  }
  const attributes = (element: Element | null, ...names: string[]) => names.map((name) => element?.getAttribute(name))

  test('has every setting for every browser, and no other', () => {
    const names = [...admx.querySelectorAll('policy')].map((each) => each.getAttribute('name'))
    expect(names.sort()).toEqual(browsers.flatMap((browser) => KEYS.map((key) => `${browser}_${key}`)).sort())
  })

  test.each(browsers)('%s: each writes what that browser reads', (browser) => {
    for (const [key, spec] of Object.entries(POLICY_SPECS)) {
      const policy = policyOf(browser, key)
      expect(policy.getAttribute('key')).toBe(settingsKey(browser, TEMPLATE))
      const element = policy.querySelector('elements > *')
      if (spec.kind === 'switch') {
        expect(policy.getAttribute('valueName')).toBe(key)
        const values = ['enabledValue', 'disabledValue'].map((name) => policy.querySelector(`${name} > decimal`))
        expect(values.map((each) => each?.getAttribute('value'))).toEqual(['1', '0'])
      } else if (spec.kind === 'choice') {
        expect(attributes(element, 'id', 'valueName')).toEqual([key, key])
        expect([...policy.querySelectorAll('item > value > string')].map(({ textContent }) => textContent)).toEqual(
          spec.choices,
        )
      } else if (spec.kind === 'number') {
        expect(attributes(element, 'id', 'valueName', 'minValue', 'maxValue')).toEqual([
          key,
          key,
          String(spec.min),
          String(spec.max),
        ])
      } else if (spec.kind === 'list') {
        expect(attributes(element, 'id', 'key')).toEqual([key, `${settingsKey(browser, TEMPLATE)}\\${key}`])
      } else {
        expect(attributes(element, 'id', 'valueName')).toEqual([key, key])
      }
    }
  })

  test('has its words, each once, and none without use', () => {
    const text = committed('windows/ccp-signoff.admx')
    const used = new Set([...text.matchAll(/\$\(string\.(\w+)\)/g)].map(([, id]) => id))
    const strings = [...adml.querySelectorAll('stringTable > string')]
    expect(strings.map((each) => each.getAttribute('id')).sort()).toEqual([...used].sort())
    for (const each of strings) expect(each.textContent).toMatch(/\w/)
  })

  test('has a form for whatever is filled in, with the default in it', () => {
    const used = new Set(
      [...admx.querySelectorAll('policy[presentation]')].map((each) => each.getAttribute('presentation')),
    )
    const forms = [...adml.querySelectorAll('presentation')]
    expect(forms.map((each) => `$(presentation.${String(each.getAttribute('id'))})`).sort()).toEqual([...used].sort())
    for (const form of forms) {
      const key = String(form.getAttribute('id'))
      const spec = POLICY_SPECS[key]
      const control = form.firstElementChild
      expect(control?.getAttribute('refId')).toBe(key)
      if (spec?.kind === 'choice') {
        expect(spec.choices[Number(control?.getAttribute('defaultItem'))]).toBe(spec.default)
      }
      if (spec?.kind === 'number') expect(control?.getAttribute('defaultValue')).toBe(String(spec.default))
    }
  })

  test.each(['chrome', 'firefox'] as const)(
    'Intune, %s: every row names a policy of the template, in its category',
    (browser) => {
      const rows = JSON.parse(committed(`${browser}/intune.json`)) as { omaUri: string; value: string }[]
      const [template, ...settings] = rows
      const admx = parse(template?.value ?? '')
      const keys = [...admx.querySelectorAll('policy')].map((each) => each.getAttribute('key'))
      expect(new Set(keys)).toEqual(new Set([settingsKey(browser, TEMPLATE)]))
      expect(keys.filter((key) => /^Software\\(Policies\\)?Microsoft/.test(key ?? ''))).toEqual([])
      const named = settings.map(({ omaUri, value }) => {
        const [, category, name = ''] = /Config\/\w+~Policy~signoff~(\w+)\/(\w+)$/.exec(omaUri) ?? []
        const policy = admx.querySelector(`policy[name="${name}"]`)
        expect(policy?.querySelector('parentCategory')?.getAttribute('ref')).toBe(category)
        const data = new DOMParser().parseFromString(`<value>${value}</value>`, 'application/xml').querySelector('data')
        const element = policy?.querySelector('elements > *')
        expect(data?.getAttribute('id')).toBe(element?.getAttribute('id'))
        return name
      })
      expect(named).toEqual(KEYS.map((key) => `${browser}_${key}`))
    },
  )

  test('Intune: a device may have the rows of both browsers, and both templates', () => {
    const rows = ['chrome', 'firefox'].flatMap(
      (browser) => JSON.parse(committed(`${browser}/intune.json`)) as { omaUri: string; value: string }[],
    )
    expect(new Set(rows.map(({ omaUri }) => omaUri)).size).toBe(rows.length)
    const templates = rows.filter(({ omaUri }) => omaUri.includes('ADMXInstall'))
    const namespaces = templates.map(({ value }) => parse(value).querySelector('target')?.getAttribute('namespace'))
    expect(new Set(namespaces).size).toBe(2)
  })

  test('the browsers that it is said to support are those of the manifest', () => {
    const said = parse('windows/en-US/ccp-signoff.adml').querySelector('string[id="supported"]')?.textContent
    const { minimum_chrome_version: chromium, browser_specific_settings: firefox } = manifest
    expect(said).toBe(`Chrome ${chromium}, Edge ${chromium}, Firefox ${firefox.gecko.strict_min_version.split('.')[0]}`)
  })
})
