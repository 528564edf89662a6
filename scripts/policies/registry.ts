import type { Placed, PolicyBrowser } from './browsers'
import { BROWSERS, extensionSettings, settingsKey } from './browsers'
import type { SampleValue, SampleValues } from './values'

/**
 * A registry value. Lists and objects are one string of JSON,
 * which replaces the old value as a whole; keys would merge.
 */
type Data = string | number

/** A key below HKEY_LOCAL_MACHINE and the values in it. */
interface RegistryKey {
  readonly key: string
  readonly values: Readonly<Record<string, Data>>
}

/**
 * What happens to an `ExtensionSettings` that the machine already has. Chromium (RegistryDict) prefers a registry key
 * to a value of the same name; Firefox reads the whole policy from one value.
 */
const BESIDE_CHROMIUM = [
  'If this machine already has an ExtensionSettings as ONE TEXT (as Group Policy and Intune write it), the key below hides',
  'all of it: leave the key out, and add the line of extension-settings.json to your text. If it has one as KEYS like the',
  'one below, this key is added, and the others stay.',
]
const BESIDE_FIREFOX = [
  'If this machine already has an ExtensionSettings, the value below REPLACES it: leave it out, and add the line of',
  'extension-settings.json to your text.',
]
const besideOf = (browser: PolicyBrowser): readonly string[] =>
  browser === 'firefox' ? BESIDE_FIREFOX : BESIDE_CHROMIUM

/**
 * A .reg file that installs the extension and sets these settings. Windows requires CRLF, and ASCII where the file has
 * no byte order mark.
 */
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
 * A PowerShell script that does the same, for browsers whose template Intune rejects. Where the browser already has an
 * `ExtensionSettings` as one text, the script stops before it writes anything, and Intune shows the error.
 */
export function registryScript(browser: PolicyBrowser, placed: Placed, values: SampleValues): string {
  const { name, registry } = BROWSERS[browser]
  const sections = keysOf(browser, placed, values).map(({ key, values: data }) => [
    '',
    `$key = 'HKLM:\\${key}'`,
    // -Force empties an existing key, so that no old values are left.
    'New-Item -Path $key -Force | Out-Null',
    ...Object.entries(data).map(([property, each]) => propertyOf(property, each)),
  ])
  const head = [
    `# Installs Signoff for Amazon Connect in ${name} and sets its settings. Runs as the system, in 64 bits.`,
    ...besideOf(browser).map((line) => `# ${line}`),
    `$ErrorActionPreference = 'Stop'`,
    `if (Get-ItemProperty -Path 'HKLM:\\${registry}' -Name 'ExtensionSettings' -ErrorAction SilentlyContinue) {`,
    `  throw 'There is already an ExtensionSettings: add the line of extension-settings.json to it.'`,
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
