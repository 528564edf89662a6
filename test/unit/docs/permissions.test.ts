import { CCP_MATCH_PATTERNS } from '../../../src/protocol/ccp-urls'
import manifest from '../../../manifest.json'
import { all, read, sectionOf, sections } from './documents'

const PERMISSIONS = read('docs/permissions.md')
const ASKED = [...manifest.permissions, ...manifest.host_permissions, ...manifest.optional_host_permissions]
const SITES = [
  ...manifest.host_permissions,
  ...manifest.optional_host_permissions.filter((site) => site.startsWith('https')),
]
const MATCHES = [...new Set(manifest.content_scripts.flatMap(({ matches }) => matches))]

it.each(ASKED)('%s: what for, what happens without it, what it cannot do', (permission) => {
  const paragraphs = all(sectionOf(PERMISSIONS, permission) ?? '', /^\*\*(.*?)\*\*/gm)
  expect(paragraphs).toEqual(['What for:', 'Without it:', 'What it cannot do:'])
})

it.each(MATCHES)('%s has a paragraph', (pattern) => {
  expect(sectionOf(PERMISSIONS, pattern)?.trim().length).toBeGreaterThan(40)
})

it('nothing is described that the manifest does not request', () => {
  const told = sections(PERMISSIONS, 3).flatMap(({ heading }) => all(heading, /^`(.*)`$/g))
  expect(told.sort()).toEqual([...ASKED, ...MATCHES].sort())
})

it('only sites of the manifest are named', () => {
  const named = new Set(all(PERMISSIONS, /`(https:\/\/[^`]*\*[^`]*)`/g))
  expect([...named].sort()).toEqual([...SITES, ...MATCHES].sort())
  expect([...CCP_MATCH_PATTERNS].sort()).toEqual([...MATCHES].sort())
})

it('every other manifest key that limits the extension is described', () => {
  const keys = ['content_security_policy', 'externally_connectable', 'incognito'] as const
  for (const key of keys) expect(manifest).toHaveProperty(key)
  expect(manifest).not.toHaveProperty('web_accessible_resources')
  for (const key of [...keys, 'web_accessible_resources']) expect(PERMISSIONS).toContain(`- **\`${key}\`:**`)
})

it('exactly the kinds of data in Firefox’s consent are described', () => {
  const { required, optional } = manifest.browser_specific_settings.gecko.data_collection_permissions
  const told = all(
    sections(PERMISSIONS, 2).find(({ heading }) => heading.startsWith('Consent'))?.text ?? '',
    /^- \*\*`(.*?)`:\*\*/gm,
  )
  expect(told.sort()).toEqual([...optional].sort())
  expect(required).toEqual(['none'])
})
