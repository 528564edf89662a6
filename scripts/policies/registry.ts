import type { Placed, PolicyBrowser } from './browsers'
import { BROWSERS, extensionSettings, settingsKey } from './browsers'
import type { SampleValue, SampleValues } from './values'

/** What Windows keeps: a list or an object is JSON in one text, which replaces what was there, as keys would not. */
type Data = string | number

/** A key below HKEY_LOCAL_MACHINE and the values in it. */
interface RegistryKey {
  readonly key: string
  readonly values: Readonly<Record<string, Data>>
}

/**
 * What becomes of an `ExtensionSettings` that is on the machine already. Chromium's reader of the registry (RegistryDict)
 * takes a key before a value of the same name; Firefox reads the whole policy from one value.
 */
const BESIDE_CHROMIUM = [
  'Beside an ExtensionSettings of yours: where it is ONE TEXT (as Group Policy and Intune write it), the key below hides',
  'all of it. Leave the key out then, and add the line of extension-settings.json to your text. Where yours are KEYS like',
  'the one below, this one is added, and the others stay.',
]
const BESIDE_FIREFOX = [
  'Beside an ExtensionSettings of yours: the value below REPLACES it. Leave it out then, and add the line of',
  'extension-settings.json to your text.',
]
const besideOf = (browser: PolicyBrowser): readonly string[] =>
  browser === 'firefox' ? BESIDE_FIREFOX : BESIDE_CHROMIUM

/** A .reg file that installs the extension and sets values. Windows wants its line ends and, without a mark, ASCII. */
export function registryFile(browser: PolicyBrowser, placed: Placed, values: SampleValues): string {
  const sections = keysOf(browser, placed, values).map(({ key, values: data }) => [
    '',
    `[HKEY_LOCAL_MACHINE\\${key}]`,
    ...Object.entries(data).map(([name, each]) => `"${name}"=${inRegFile(each)}`),
  ])
  const comment = besideOf(browser).map((line) => `; ${line}`)
  const lines = ['Windows Registry Editor Version 5.00', ...comment, ...sections.flat(), '']
  return lines.map((line) => `${line}\r\n`).join('')
}

/**
 * A PowerShell script that does the same, for Intune where it refuses a template. It hides nothing: where the browser has
 * an `ExtensionSettings` in one text, it stops before it writes, and Intune shows the error.
 */
export function registryScript(browser: PolicyBrowser, placed: Placed, values: SampleValues): string {
  const { name, registry } = BROWSERS[browser]
  const sections = keysOf(browser, placed, values).map(({ key, values: data }) => [
    '',
    `$key = 'HKLM:\\${key}'`,
    // Emptied first, so that old values are gone.
    'New-Item -Path $key -Force | Out-Null',
    ...Object.entries(data).map(([property, each]) => propertyOf(property, each)),
  ])
  const head = [
    `# Installs Signoff for Amazon Connect in ${name} and sets its settings. Runs as the system, in 64 bits.`,
    ...besideOf(browser).map((line) => `# ${line}`),
    `$ErrorActionPreference = 'Stop'`,
    `if (Get-ItemProperty -Path 'HKLM:\\${registry}' -Name 'ExtensionSettings' -ErrorAction SilentlyContinue) {`,
    `  throw 'There is an ExtensionSettings already: add the line of extension-settings.json to it.'`,
    '}',
  ]
  return `${[...head, ...sections.flat()].join('\r\n')}\r\n`
}

function keysOf(browser: PolicyBrowser, placed: Placed, values: SampleValues): RegistryKey[] {
  return [...installation(browser, placed), { key: settingsKey(browser, placed), values: valuesOf(values) }]
}

function installation(browser: PolicyBrowser, placed: Placed): RegistryKey[] {
  const { registry } = BROWSERS[browser]
  const settings = extensionSettings(browser, placed)
  if (browser === 'firefox') return [{ key: registry, values: { ExtensionSettings: JSON.stringify(settings) } }]
  return Object.entries(settings).map(([id, says]) => ({
    key: `${registry}\\ExtensionSettings\\${id}`,
    values: valuesOf(says),
  }))
}

function valuesOf(settings: SampleValues): Record<string, Data> {
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, dataOf(value)]))
}

function dataOf(value: SampleValue): Data {
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'object' ? JSON.stringify(value) : value
}

function inRegFile(data: Data): string {
  return typeof data === 'number'
    ? `dword:${data.toString(16).padStart(8, '0')}`
    : `"${data.replace(/["\\]/g, '\\$&')}"`
}

function propertyOf(name: string, data: Data): string {
  const [type, value] = typeof data === 'number' ? ['DWord', data] : ['String', `'${data.replaceAll("'", "''")}'`]
  return `New-ItemProperty -Path $key -Name '${name}' -PropertyType ${type} -Value ${value} -Force | Out-Null`
}
