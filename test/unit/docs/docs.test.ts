import { readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { defaultOf, withSettingsTable } from '../../../scripts/settings/table'
import { idOf } from '../../../scripts/package/key'
import { CHANNELS } from '../../../scripts/policies/values'
import { POLICY_SPECS, USER_SETTINGS } from '../../../src/domain/policy'
import { SETTING_SPECS } from '../../../src/domain/settings'
import { allowedValues } from '../../../src/domain/setting-spec'
import manifest from '../../../manifest.json'
import packageJson from '../../../package.json'
import { all, DOCUMENTS, read, ROOT, sections, tableRows } from './documents'

const GUIDE = read('docs/administrator-guide.md')
const SETTINGS = read('docs/settings.md')

describe('docs/settings.md', () => {
  it.each([...Object.entries(SETTING_SPECS), ['userSettings', USER_SETTINGS] as const])(
    'lists default and allowed values of %s',
    (key, spec) => {
      const section = sections(SETTINGS, 2).find(({ heading }) => heading === `\`${key}\``)?.text
      expect(section).toContain(`- Default: ${defaultOf(spec)}`)
      expect(section).toContain(`- Allowed: \`${allowedValues(spec)}\``)
    },
  )

  it('lists no setting that does not exist', () => {
    const told = sections(SETTINGS, 2).flatMap(({ heading }) => all(heading, /^`(.*)`$/g))
    expect(told.sort()).toEqual(Object.keys(POLICY_SPECS).sort())
  })
})

describe('docs/administrator-guide.md', () => {
  it('begins with the table of settings generated from the code: `npm run docs` writes it', () => {
    expect(GUIDE).toBe(withSettingsTable(GUIDE))
    expect(sections(GUIDE, 2)[0]?.heading).toBe('All settings')
    const named = tableRows(GUIDE, 'setting').flatMap(([name = '']) => all(name, /`(\w+)`/g))
    expect(named).toEqual(Object.keys(POLICY_SPECS))
  })

  it('can be read in one sitting: at most 400 lines', () => {
    expect(GUIDE.split('\n').length).toBeLessThanOrEqual(400)
  })

  it('says “not tried” for each system that was not available', () => {
    for (const heading of [
      'Windows by Group Policy',
      'Windows by registry',
      'Intune',
      'macOS',
      'Google Admin console',
    ]) {
      const section = sections(GUIDE, 3).find((each) => each.heading === heading)
      expect([heading, section?.text.trim().split('\n')[0]]).toEqual([
        heading,
        expect.stringMatching(/^Not tried by us\./),
      ])
      expect(section?.text).toContain('- [ ] ')
    }
  })

  it('names every sample policy, and no missing one', () => {
    const files = readdirSync(join(ROOT, 'policies'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(join(ROOT, 'policies'), join(parentPath, name)))
    const there = files.filter((file) => !file.startsWith('reference/'))
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

  it('contains the ids of the extension', () => {
    expect(GUIDE).toContain(`\`${manifest.browser_specific_settings.gecko.id}\``)
    expect(GUIDE).toContain(`\`${idOf(Buffer.from(manifest.key, 'base64'))}\``)
  })
})

describe.each(DOCUMENTS)('%s', (path) => {
  const text = read(path)

  it('names only existing npm commands', () => {
    const known = new Set(Object.keys(packageJson.scripts))
    const named = [...all(text, /npm run(?: --silent)? ([\w:-]+)/g), ...all(text, /npm (start|test)\b/g)]
    expect(named.filter((script) => !known.has(script))).toEqual([])
  })

  it('requires the same browsers as the manifest', () => {
    const { gecko, gecko_android: android } = manifest.browser_specific_settings
    const chromium = new RegExp(`^${manifest.minimum_chrome_version}$`)
    const firefox = new RegExp(`^(${major(gecko.strict_min_version)}|${major(android.strict_min_version)})$`)
    expect(
      all(text, /(?:Chrome|Chromium|Edge) (\d+)(?= or (?:later|newer))/g).filter((v) => !chromium.test(v)),
    ).toEqual([])
    expect(all(text, /Firefox (\d+)(?= or (?:later|newer))/g).filter((v) => !firefox.test(v))).toEqual([])
  })
})

it.each(['README.md', 'docs/administrator-guide.md'])('%s names the oldest supported browsers', (path) => {
  const text = read(path)
  const firefox = major(manifest.browser_specific_settings.gecko.strict_min_version)
  expect(text).toContain(`Chrome ${manifest.minimum_chrome_version} or later`)
  expect(text).toContain(`Edge ${manifest.minimum_chrome_version} or later`)
  expect(text).toContain(`Firefox ${firefox} or later`)
})

it('CONTRIBUTING.md lists every npm command', () => {
  const text = read('CONTRIBUTING.md')
  const untold = Object.keys(packageJson.scripts).filter((name) => !new RegExp(`npm (run )?${name}\\b`).test(text))
  expect(untold).toEqual([])
})

it('CHANGELOG.md has a section for the version', () => {
  expect(read('CHANGELOG.md')).toContain(`## [${packageJson.version}]`)
})

it('LICENSE is the licence named in package.json', () => {
  expect(packageJson.license).toBe('Apache-2.0')
  expect(read('LICENSE')).toMatch(/^\s*Apache License\s+Version 2\.0, January 2004/)
})

function major(version: string): string {
  return version.replace(/\..*$/, '')
}
