import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { idOf } from '../../../scripts/package/key'
import { CHANNELS } from '../../../scripts/package/package'
import { POLICY_SPECS, USER_SETTINGS } from '../../../src/domain/policy'
import type { SettingSpec } from '../../../src/domain/setting-spec'
import { SETTING_SPECS } from '../../../src/domain/settings'
import { allowedValues } from '../../../src/domain/setting-spec'
import manifest from '../../../manifest.json'
import packageJson from '../../../package.json'
import { all, DOCUMENTS, read, ROOT, sectionOf, sections } from './documents'

const GUIDE = read('docs/administrator-guide.md')

/** As JSON, which an empty list is too; an empty text is nothing to show. */
const defaultOf = ({ default: value }: SettingSpec): string =>
  value === '' ? 'empty' : `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``

describe('docs/administrator-guide.md', () => {
  it.each([...Object.entries(SETTING_SPECS), ['userSettings', USER_SETTINGS] as const])(
    'tells default and allowed values of %s',
    (key, spec) => {
      const section = sectionOf(GUIDE, key)
      expect(section).toContain(`- Default: ${defaultOf(spec)}`)
      expect(section).toContain(`- Allowed: \`${allowedValues(spec)}\``)
    },
  )

  it('tells of no setting that does not exist', () => {
    const told = sections(GUIDE, 3).flatMap(({ heading }) => all(heading, /^`(.*)`$/g))
    expect(told.sort()).toEqual(Object.keys(POLICY_SPECS).sort())
  })

  it('names every sample policy, and none that is not there', () => {
    const there = readdirSync(join(ROOT, 'policies'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(join(ROOT, 'policies'), join(parentPath, name)))
    const named = all(GUIDE, /`((?:chrome|edge|firefox|windows)\/[\w./-]+)`/g)
    expect([...new Set(named)].sort()).toEqual(there.sort())
  })

  it('names every package that is made', () => {
    for (const name of ['chrome.zip', 'firefox.zip', 'crx', 'xpi'])
      expect(GUIDE).toMatch(`VERSION${name.includes('zip') ? '-' : '.'}${name}`)
    for (const channel of CHANNELS) {
      expect(GUIDE).toContain(`updates-${channel}.xml`)
      expect(GUIDE).toContain(`policies/${channel}/`)
    }
  })

  it('tells the ids of the extension', () => {
    expect(GUIDE).toContain(`\`${manifest.browser_specific_settings.gecko.id}\``)
    expect(GUIDE).toContain(`\`${idOf(Buffer.from(manifest.key, 'base64'))}\``)
  })
})

describe.each(DOCUMENTS)('%s', (path) => {
  const text = read(path)

  it('names npm commands that exist', () => {
    const known = new Set(Object.keys(packageJson.scripts))
    const named = [...all(text, /npm run(?: --silent)? ([\w:-]+)/g), ...all(text, /npm (start|test)\b/g)]
    expect(named.filter((script) => !known.has(script))).toEqual([])
  })

  it('asks for the browsers that the manifest asks for', () => {
    const { gecko, gecko_android: android } = manifest.browser_specific_settings
    const chromium = new RegExp(`^${manifest.minimum_chrome_version}$`)
    const firefox = new RegExp(`^(${major(gecko.strict_min_version)}|${major(android.strict_min_version)})$`)
    expect(
      all(text, /(?:Chrome|Chromium|Edge) (\d+)(?= or (?:later|newer))/g).filter((v) => !chromium.test(v)),
    ).toEqual([])
    expect(all(text, /Firefox (\d+)(?= or (?:later|newer))/g).filter((v) => !firefox.test(v))).toEqual([])
  })
})

it.each(['README.md', 'docs/administrator-guide.md'])('%s names the oldest browsers', (path) => {
  const text = read(path)
  const firefox = major(manifest.browser_specific_settings.gecko.strict_min_version)
  expect(text).toContain(`Chrome ${manifest.minimum_chrome_version} or later`)
  expect(text).toContain(`Edge ${manifest.minimum_chrome_version} or later`)
  expect(text).toContain(`Firefox ${firefox} or later`)
})

it('CONTRIBUTING.md tells every npm command', () => {
  const text = read('CONTRIBUTING.md')
  const untold = Object.keys(packageJson.scripts).filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(text))
  expect(untold).toEqual([])
})

it('CHANGELOG.md has a section for the version', () => {
  expect(read('CHANGELOG.md')).toContain(`## [${packageJson.version}]`)
})

it('LICENSE is the one that package.json names', () => {
  expect(packageJson.license).toBe('Apache-2.0')
  expect(read('LICENSE')).toMatch(/^\s*Apache License\s+Version 2\.0, January 2004/)
})

function major(version: string): string {
  return version.replace(/\..*$/, '')
}
