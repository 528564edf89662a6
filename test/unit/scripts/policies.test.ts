/** @jest-environment jsdom */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import plist from 'plist'
import manifest from '../../../manifest.json'
import { BROWSERS, settingsKey, TEMPLATE } from '../../../scripts/policies/browsers'
import type { PolicyBrowser } from '../../../scripts/policies/browsers'
import { json as text } from '../../../scripts/policies/json'
import { samplePolicies } from '../../../scripts/policies/samples'
import { managedSchema } from '../../../scripts/policies/schema'
import { allValues, CHANNELS, minimalValues } from '../../../scripts/policies/values'
import { groupOf } from '../../../scripts/policies/words'
import { filesIn } from '../../../scripts/package/zip'
import { NO_POLICY, POLICY_SPECS, resolveAll } from '../../../src/domain/policy'

const ROOT = join(__dirname, '../../..')
const committed = (path: string): string => readFileSync(join(ROOT, 'policies', path), 'utf8')
const KEYS = Object.keys(POLICY_SPECS)
const { chromiumId: CHROMIUM_ID, firefoxId: FIREFOX_ID } = TEMPLATE
type Values = Record<string, unknown>

test('the policies of the repository match the output of `npm run policies`', () => {
  const made = samplePolicies(TEMPLATE, 'pilot')
  expect(Object.keys(filesIn(join(ROOT, 'policies'))).sort()).toEqual(Object.keys(made).sort())
  for (const [path, text] of Object.entries(made)) expect({ path, text: committed(path) }).toEqual({ path, text })
})

/** The values of a .reg file, by key. */
function readRegistry(text: string): Record<string, Values> {
  const [header, ...lines] = text.split('\r\n')
  expect(header).toBe('Windows Registry Editor Version 5.00')
  // Without a byte order mark, Windows reads such a file in the machine's code page.
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
const registry = (file: string, browser: PolicyBrowser): Values =>
  at(readRegistry(committed(file)), settingsKey(browser, TEMPLATE))
const payloads = (file: string): Record<string, Values> => {
  const { PayloadContent } = plist.parse(committed(file)) as { PayloadContent: Values[] }
  return Object.fromEntries(PayloadContent.map((payload) => [String(payload['PayloadType']), payload]))
}
/** A payload's settings, without the fields of every payload. */
const settingsIn = (payload: Values): Values =>
  Object.fromEntries(Object.entries(payload).filter(([key]) => !/^Payload[A-Z]/.test(key)))
const chromiumOnMac = (file: string, browser: 'chrome' | 'edge'): Values =>
  settingsIn(at(payloads(file), `${BROWSERS[browser].domain}.extensions.${CHROMIUM_ID}`))
const unwrapped = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([key, wrapped]) => [key, at({ wrapped }, 'wrapped')['Value']]))
const inChromium = (file: string): Values => at(json(file), '3rdparty', 'extensions', CHROMIUM_ID)

/** How to read the extension's settings out of every file that contains them. */
const SETTINGS: readonly [string, (file: string) => Values][] = [
  ['chrome/linux.json', inChromium],
  ['edge/linux.json', inChromium],
  ['chrome/admin-console.json', (file) => unwrapped(json(file))],
  ['chrome/macos.mobileconfig', (file) => chromiumOnMac(file, 'chrome')],
  ['edge/macos.mobileconfig', (file) => chromiumOnMac(file, 'edge')],
  ['chrome/windows.reg', (file) => registry(file, 'chrome')],
  ['edge/windows.reg', (file) => registry(file, 'edge')],
  ['firefox/policies.json', (file) => at(json(file), 'policies', '3rdparty', 'Extensions', FIREFOX_ID)],
  [
    'firefox/macos.mobileconfig',
    (file) => at(payloads(file), 'org.mozilla.firefox', '3rdparty', 'Extensions', FIREFOX_ID),
  ],
  ['firefox/windows.reg', (file) => registry(file, 'firefox')],
]

/** Whether the file contains values of Windows' registry, which has neither booleans nor lists. */
const isOfRegistry = (file: string): boolean => file.endsWith('.reg')

describe.each(SETTINGS)('%s', (file, read) => {
  test('contains only what has to be decided: a pilot does not affect agents', () => {
    expect(read(file)).toEqual({ mode: 'observe' })
  })

  test('contains exactly the settings of the schema in the reference', () => {
    expect(Object.keys(read(`reference/${file}`)).sort()).toEqual(Object.keys(managedSchema().properties).sort())
  })

  test.each(['', 'reference/'])('%s: contains valid values, in the types that the browser accepts', (folder) => {
    const values = read(`${folder}${file}`)
    expect(resolveAll({}, { ...NO_POLICY, state: 'delivered', values }).problems).toEqual([])
    if (isOfRegistry(file)) return
    expect(values).toEqual(folder === '' ? minimalValues('pilot') : allValues('pilot'))
    for (const [key, value] of Object.entries(values)) {
      const found = Array.isArray(value) ? 'array' : typeof value
      const { type } = at(managedSchema().properties, key)
      expect([key, found]).toEqual([key, type === 'integer' ? 'number' : type])
    }
  })
})

test('every file with values is one of those, or is read below', () => {
  const others = ['chrome/intune.json', 'edge/intune.ps1', 'firefox/intune.json']
  const referenced = Object.keys(filesIn(join(ROOT, 'policies/reference')))
  expect(referenced.sort()).toEqual([...SETTINGS.map(([file]) => file), ...others].sort())
})

test('the pilot only observes, and the broad roll-out acts', () => {
  expect(CHANNELS.map((channel) => [channel, minimalValues(channel), allValues(channel)['mode']])).toEqual([
    ['pilot', { mode: 'observe' }, 'observe'],
    ['broad', { mode: 'act' }, 'act'],
  ])
})

test('the short policies have at most ten meaningful lines', () => {
  for (const [file] of SETTINGS.filter(([name]) => /json$|reg$/.test(name))) {
    const lines = committed(file)
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith(';'))
    expect([file, lines.length <= 10]).toEqual([file, true])
  }
})

test('JSON is broken where it is too long for a line', () => {
  const long = 'x'.repeat(60)
  expect(text({ a: [], b: [1, 'c'], d: { e: {} } })).toBe('{\n  "a": [],\n  "b": [1, "c"],\n  "d": { "e": {} }\n}\n')
  expect(text({ f: { g: long, h: [long] } })).toBe(`{ "f": {\n  "g": "${long}",\n  "h": ["${long}"]\n} }\n`)
  expect(JSON.parse(text(allValues('pilot')))).toEqual(allValues('pilot'))
})

const { updateUrl: update_url, xpiUrl: install_url } = TEMPLATE
const installation_mode = 'force_installed'
const chromiumInstall = { installation_mode, update_url, override_update_url: true }
/** Pinned: Chromium hides the button of an extension installed by policy. Each browser has its own key for it. */
const INSTALL: Readonly<Record<PolicyBrowser, Values>> = {
  chrome: { [CHROMIUM_ID]: { ...chromiumInstall, toolbar_pin: 'force_pinned' } },
  edge: { [CHROMIUM_ID]: { ...chromiumInstall, toolbar_state: 'force_shown' } },
  firefox: { [FIREFOX_ID]: { installation_mode, install_url, default_area: 'navbar' } },
}
const onMac = (browser: PolicyBrowser, domain: string): unknown =>
  at(payloads(`${browser}/macos.mobileconfig`), domain)['ExtensionSettings']
const inRegistry = (browser: 'chrome' | 'edge'): Values => {
  const keys = readRegistry(committed(`${browser}/windows.reg`))
  const { override_update_url, ...rest } = at(keys, `${BROWSERS[browser].registry}\\ExtensionSettings\\${CHROMIUM_ID}`)
  return { [CHROMIUM_ID]: { ...rest, override_update_url: override_update_url === 1 } }
}
const firefoxRegistry = (): unknown =>
  JSON.parse(String(at(readRegistry(committed('firefox/windows.reg')), BROWSERS.firefox.registry)['ExtensionSettings']))

test.each<[string, () => unknown, Values]>([
  ['Chrome, Linux', () => json('chrome/linux.json')['ExtensionSettings'], INSTALL.chrome],
  ['Edge, Linux', () => json('edge/linux.json')['ExtensionSettings'], INSTALL.edge],
  ['Chrome, GPO and Intune', () => json('chrome/extension-settings.json'), INSTALL.chrome],
  ['Edge, GPO and Intune', () => json('edge/extension-settings.json'), INSTALL.edge],
  ['Chrome, macOS', () => onMac('chrome', 'com.google.Chrome'), INSTALL.chrome],
  ['Edge, macOS', () => onMac('edge', 'com.microsoft.Edge'), INSTALL.edge],
  ['Chrome, Windows', () => inRegistry('chrome'), INSTALL.chrome],
  ['Edge, Windows', () => inRegistry('edge'), INSTALL.edge],
  ['Firefox', () => at(json('firefox/policies.json'), 'policies')['ExtensionSettings'], INSTALL.firefox],
  ['Firefox, GPO and Intune', () => json('firefox/extension-settings.json'), INSTALL.firefox],
  ['Firefox, macOS', () => onMac('firefox', 'org.mozilla.firefox'), INSTALL.firefox],
  ['Firefox, Windows', firefoxRegistry, INSTALL.firefox],
])('%s: the extension is installed, and its button pinned', (_, read, install) => {
  expect(read()).toEqual(install)
})

test.each(['chrome', 'edge', 'firefox'] as const)(
  '%s, registry: explains what happens to an existing ExtensionSettings',
  (browser) => {
    expect(committed(`${browser}/windows.reg`)).toMatch(/^; If this machine already has an ExtensionSettings.*/m)
  },
)

test('the profile for macOS switches on Firefox’s enterprise policies', () => {
  expect(at(payloads('firefox/macos.mobileconfig'), 'org.mozilla.firefox')['EnterprisePoliciesEnabled']).toBe(true)
})

test.each(['', 'reference/'])('%sIntune, Edge: the script writes the same as the registry file', (folder) => {
  const written: Record<string, Values> = {}
  let values: Values = {}
  for (const line of committed(`${folder}edge/intune.ps1`).split('\r\n')) {
    const [, key] = /^\$key = 'HKLM:\\(.+)'$/.exec(line) ?? []
    const [, name, type, data = ''] = /-Name '(\w+)' -PropertyType (\w+) -Value (.+) -Force/.exec(line) ?? []
    if (key !== undefined) written[key] = values = {}
    if (name !== undefined) values[name] = type === 'DWord' ? Number(data) : data.replace(/^'(.*)'$/, '$1')
  }
  expect(written).toEqual(readRegistry(committed(`${folder}edge/windows.reg`)))
})

test('Intune, Edge: the script stops if it would hide an existing ExtensionSettings', () => {
  const [beforeCheck, afterCheck = ''] = committed('edge/intune.ps1').split(
    /^if \(Get-ItemProperty .*'ExtensionSettings'.*$/m,
  )
  expect(beforeCheck).not.toContain('New-Item')
  expect(afterCheck.trimStart()).toMatch(/^throw /)
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

  test('has exactly the settings, for every browser', () => {
    const names = [...admx.querySelectorAll('policy')].map((each) => each.getAttribute('name'))
    expect(names.sort()).toEqual(browsers.flatMap((browser) => KEYS.map((key) => `${browser}_${key}`)).sort())
  })

  test.each(browsers)('%s: each policy writes what that browser reads', (browser) => {
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

  test('has all its texts, each once, and none unused', () => {
    const text = committed('windows/ccp-signoff.admx')
    const used = new Set([...text.matchAll(/\$\(string\.(\w+)\)/g)].map(([, id]) => id))
    const strings = [...adml.querySelectorAll('stringTable > string')]
    expect(strings.map((each) => each.getAttribute('id')).sort()).toEqual([...used].sort())
    for (const each of strings) expect(each.textContent).toMatch(/\w/)
  })

  test('has a form for everything that is filled in, with the default', () => {
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

  test('each policy is in the folder of its group, within that of its browser', () => {
    for (const browser of browsers) {
      for (const key of KEYS) {
        const folder = policyOf(browser, key).querySelector('parentCategory')?.getAttribute('ref') ?? ''
        const group = groupOf(key)
        expect([key, folder]).toEqual([key, group === null ? browser : `${browser}_${group.id}`])
        const parent = admx.querySelector(`category[name="${folder}"] > parentCategory`)?.getAttribute('ref')
        expect(parent).toBe(group === null ? 'signoff' : browser)
      }
    }
  })

  test('an explanation has a line for each choice', () => {
    const lines = adml.querySelector('string[id="mode_explain"]')?.textContent.split('\n') ?? []
    expect(lines.map((line) => line.replace(/\W.*/, ''))).toEqual(['act', 'observe', 'off', 'Allowed', 'Default'])
  })

  test.each([
    ['chrome', ''],
    ['firefox', ''],
    ['chrome', 'reference/'],
    ['firefox', 'reference/'],
  ] as const)(
    'Intune, %s: every row of %sintune.json names a policy of the template, in its category',
    (browser, folder) => {
      const rows = JSON.parse(committed(`${folder}${browser}/intune.json`)) as { omaUri: string; value: string }[]
      const [template, ...settings] = rows
      const own = parse(template?.value ?? '')
      const keys = [...own.querySelectorAll('policy')].map((each) => each.getAttribute('key'))
      expect(new Set(keys)).toEqual(new Set([settingsKey(browser, TEMPLATE)]))
      expect(keys.filter((key) => /^Software\\(Policies\\)?Microsoft/.test(key ?? ''))).toEqual([])
      const named = settings.map(({ omaUri, value }) => {
        const [, folders = '', name = ''] = /Config\/\w+~Policy~([\w~]+)\/(\w+)$/.exec(omaUri) ?? []
        const policy = own.querySelector(`policy[name="${name}"]`)
        expect(policy?.querySelector('parentCategory')?.getAttribute('ref')).toBe(folders.split('~').at(-1))
        const chain = folders.split('~')
        for (const [depth, category] of chain.entries()) {
          const parent = own.querySelector(`category[name="${category}"] > parentCategory`)?.getAttribute('ref')
          expect(parent).toBe(chain[depth - 1])
        }
        const data = new DOMParser().parseFromString(`<value>${value}</value>`, 'application/xml').querySelector('data')
        const element = policy?.querySelector('elements > *')
        expect(data?.getAttribute('id')).toBe(element?.getAttribute('id'))
        return name
      })
      const expected = Object.keys(folder === '' ? minimalValues('pilot') : allValues('pilot'))
      expect(named.sort()).toEqual(expected.map((key) => `${browser}_${key}`).sort())
    },
  )

  test.each(['chrome', 'firefox'])('Intune, %s: the template to import has all its texts', (browser) => {
    const template = committed(`${browser}/ccp-signoff-${browser}.admx`)
    const words = parse(`${browser}/ccp-signoff-${browser}.adml`)
    const used = [...template.matchAll(/\$\((string|presentation)\.(\w+)\)/g)].map(([, kind, id]) => `${kind} ${id}`)
    const there = [...words.querySelectorAll('stringTable > string, presentation')].map(
      (each) => `${each.localName} ${each.getAttribute('id')}`,
    )
    expect(there.sort()).toEqual([...new Set(used)].sort())
  })

  test('Intune: a device may have the rows and templates of both browsers', () => {
    const rows = ['chrome', 'firefox'].flatMap(
      (browser) => JSON.parse(committed(`${browser}/intune.json`)) as { omaUri: string; value: string }[],
    )
    expect(new Set(rows.map(({ omaUri }) => omaUri)).size).toBe(rows.length)
    const templates = rows.filter(({ omaUri }) => omaUri.includes('ADMXInstall'))
    const namespaces = templates.map(({ value }) => parse(value).querySelector('target')?.getAttribute('namespace'))
    expect(new Set(namespaces).size).toBe(2)
  })

  test('the supported browsers are those of the manifest', () => {
    const said = parse('windows/en-US/ccp-signoff.adml').querySelector('string[id="supported"]')?.textContent
    const { minimum_chrome_version: chromium, browser_specific_settings: firefox } = manifest
    expect(said).toBe(`Chrome ${chromium}, Edge ${chromium}, Firefox ${firefox.gecko.strict_min_version.split('.')[0]}`)
  })
})
