import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SETTING_SPECS } from '../../../src/domain/settings'
import type { SettingSpec } from '../../../src/domain/setting-spec'
import messages from '../../../_locales/en/messages.json'

const ROOT = join(__dirname, '../../..')
const CATALOGUE: Readonly<Record<string, { message: string; description: string; placeholders?: object }>> = messages
const KEYS = Object.keys(CATALOGUE)

const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|html)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, 'src', path), 'utf8') }))
const pages = sources.filter(({ path }) => path.endsWith('.html'))
const manifest = readFileSync(join(ROOT, 'manifest.json'), 'utf8').replace(/__MSG_(\w+?)__/g, ' $1 ')
const everything = [...sources.map(({ text }) => text), manifest].join('\n')

/** The keys that the settings form derives from the table. */
function settingKeys(key: string, spec: SettingSpec): string[] {
  const values = spec.kind === 'choice' ? spec.choices : spec.kind === 'list' ? (spec.items ?? []) : []
  const choices = values.map((value) => `setting_${key}_${value.replaceAll('-', '_')}`)
  return [`setting_${key}`, ...choices, ...choices.map((choice) => `${choice}_help`)]
}
const fromTable = Object.entries(SETTING_SPECS).flatMap(([key, spec]) => settingKeys(key, spec))

test('every setting and every choice has its texts', () => {
  expect(fromTable.filter((key) => !KEYS.includes(key))).toEqual([])
})

test('no text is unused', () => {
  const isUsed = (key: string) =>
    new RegExp(`\\b${key.replace(/_(zero|one|two|few|many|other)$/, '')}\\b`).test(everything)
  const known = new Set(fromTable)
  for (const key of Object.keys(SETTING_SPECS)) known.add(`setting_${key}_help`).add(`setting_${key}_unit`)
  expect(KEYS.filter((key) => !known.has(key) && !isUsed(key))).toEqual([])
})

test('every key in a page or the manifest has its text', () => {
  const markup = pages.map(({ text }) => text).join('\n')
  const named = [
    ...[...markup.matchAll(/data-i18n="(\w+)"/g)].map(([, key]) => key),
    ...[...markup.matchAll(/data-i18n-attr="([^"]+)"/g)].flatMap(([, pairs = '']) =>
      pairs.split(' ').map((pair) => pair.split(':')[1]),
    ),
    ...[...manifest.matchAll(/" (\w+) "/g)].map(([, key]) => key),
    ...[...everything.matchAll(/getMessage\('(\w+)'/g)].map(([, key]) => key),
  ]
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((key) => key === undefined || !KEYS.includes(key))).toEqual([])
})

test('no page has texts of its own', () => {
  expect(pages).toHaveLength(4)
  for (const { text } of pages) {
    expect(
      text
        .replace(/<!--.*?-->/gs, '')
        .replace(/<[^>]*>/g, '')
        .trim(),
    ).toBe('')
    expect(text).not.toMatch(/<style|style=|<script>|\son\w+=/)
  }
})

test('every text has a description and declared placeholders, and no two keys differ only by case', () => {
  for (const [key, { message, description, placeholders = {} }] of Object.entries(CATALOGUE)) {
    expect({ key, described: description.length > 10 }).toEqual({ key, described: true })
    const used = [...new Set([...message.matchAll(/\$(\w+)\$/g)].map(([, name = '']) => name.toLowerCase()))]
    expect({ key, names: Object.keys(placeholders).sort() }).toEqual({ key, names: used.sort() })
  }
  expect(new Set(KEYS.map((key) => key.toLowerCase())).size).toBe(KEYS.length)
})

test('name and description fit the stores', () => {
  expect(messages.extName.message.length).toBeLessThanOrEqual(45)
  expect(messages.extDescription.message.length).toBeLessThanOrEqual(132)
})

/** What an agent reads in passing: the popup, notifications, the modal over the CCP. */
const AGENTS = /^(intro|flag|notify|close|popup|leave|away|stuck|unreached|hosts|unprotected|badgeTitle)/
const HEADINGS = new Set(['leaveAsking', 'leaveOffline', 'leaveQueued', 'leaveNotSet', 'leaveKept'])
const isHeading = (key: string): boolean => HEADINGS.has(key) || (/Title(_|[A-Z]|$)/.test(key) && !/^badge/.test(key))
const wordsOf = (key: string): number => (CATALOGUE[key]?.message ?? '').split(/\s+/).length

test('an agent can read a heading in two seconds, and the text below it is short', () => {
  const texts = KEYS.filter((key) => AGENTS.test(key))
  const headings = texts.filter(isHeading)
  expect(headings.length).toBeGreaterThan(15)
  // Adults read four words a second, silently: Brysbaert, "How many words do we read per minute?", 2019.
  expect(headings.filter((key) => wordsOf(key) > 8)).toEqual([])
  expect(texts.filter((key) => wordsOf(key) > 20)).toEqual([])
})
