import type { Placed, PolicyBrowser, SampleValue } from './browsers'
import { BROWSERS, extensionSettings, sampleValues, settingsKey } from './browsers'

/** What Windows keeps: a list or an object is JSON in one text, which replaces what was there, as keys would not. */
type Data = string | number

/** A key below HKEY_LOCAL_MACHINE and the values in it. */
interface RegistryKey {
  readonly key: string
  readonly values: Readonly<Record<string, Data>>
}

/** A .reg file that installs the extension and sets everything. Windows wants its line ends and, without a mark, ASCII. */
export function registryFile(browser: PolicyBrowser, placed: Placed): string {
  // Firefox takes the whole policy from one value.
  const warning = '; Replaces ExtensionSettings where you have it already: put the two together by hand then.'
  const sections = keysOf(browser, placed).map(({ key, values }) => [
    '',
    `[HKEY_LOCAL_MACHINE\\${key}]`,
    ...Object.entries(values).map(([name, data]) => `"${name}"=${inRegFile(data)}`),
  ])
  const lines = [
    'Windows Registry Editor Version 5.00',
    ...(browser === 'firefox' ? [warning] : []),
    ...sections.flat(),
    '',
  ]
  return lines.map((line) => `${line}\r\n`).join('')
}

/** A PowerShell script that does the same, for Intune where it refuses a template. */
export function registryScript(browser: PolicyBrowser, placed: Placed): string {
  const sections = keysOf(browser, placed).map(({ key, values }) => [
    '',
    `$key = 'HKLM:\\${key}'`,
    // Anew, so that what is no longer said is gone.
    'New-Item -Path $key -Force | Out-Null',
    ...Object.entries(values).map(([name, data]) => propertyOf(name, data)),
  ])
  const comment = `# Installs Signoff for Amazon Connect in ${BROWSERS[browser].name} and sets everything. Runs as the system.`
  return `${[comment, `$ErrorActionPreference = 'Stop'`, ...sections.flat()].join('\r\n')}\r\n`
}

function keysOf(browser: PolicyBrowser, placed: Placed): RegistryKey[] {
  const settings = { key: settingsKey(browser, placed), values: valuesOf(sampleValues()) }
  return [...installation(browser, placed), settings]
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

function valuesOf(settings: Readonly<Record<string, SampleValue>>): Record<string, Data> {
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
