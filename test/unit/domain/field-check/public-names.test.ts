import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONNECT_MEMBERS, CORE_MEMBERS } from '../../../../src/domain/field-check/public-names'

const ROOT = join(__dirname, '../../../../node_modules')
const BUNDLES = ['streams-1.4', 'streams-1.8', 'amazon-connect-streams'].map((name) =>
  readFileSync(join(ROOT, name, 'release/connect-streams.js'), 'utf8'),
)

it.each([
  ['connect', CONNECT_MEMBERS],
  ['connect.core', CORE_MEMBERS],
] as const)('each member of %s is in a public bundle', (_name, members) => {
  const strange = [...members].filter((name) => !BUNDLES.some((bundle) => new RegExp(`\\b${name}\\b`).test(bundle)))
  expect(strange).toEqual([])
})

it.each([
  [/\bconnect\.core\.(\w+) ?= ?/g, CORE_MEMBERS],
  [/\bconnect\.(\w+) ?= ?/g, CONNECT_MEMBERS],
] as const)('each member that a bundle assigns by %s is in the list', (assigned, members) => {
  const names = BUNDLES.flatMap((bundle) => [...bundle.matchAll(assigned)].map(([, name]) => name ?? ''))
  expect(names.length).toBeGreaterThan(50)
  expect([...new Set(names)].filter((name) => !members.has(name))).toEqual([])
})
