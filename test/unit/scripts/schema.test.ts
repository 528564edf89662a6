import { managedSchema } from '../../../scripts/policies/schema'
import { wordsOf } from '../../../scripts/policies/words'
import { POLICY_SPECS } from '../../../src/domain/policy'
import { SETTING_SPECS } from '../../../src/domain/settings'
import { allowedValues } from '../../../src/domain/setting-spec'
import committed from '../../../managed_schema.json'
import manifest from '../../../manifest.json'

/**
 * What Chromium enforces or ignores; any other keyword, or one of these elsewhere, may make it refuse the extension.
 */
const KEYWORDS = ['title', 'description', 'type', 'items']
const TYPES = ['string', 'boolean', 'integer', 'array']

test('the schema of the manifest matches the output of `npm run policies`', () => {
  expect(manifest.storage.managed_schema).toBe('managed_schema.json')
  expect(committed).toEqual(managedSchema())
})

test('it contains every setting, with texts', () => {
  const { properties } = managedSchema()
  expect(Object.keys(properties)).toEqual([...Object.keys(SETTING_SPECS), 'userSettings'])
  for (const [key, spec] of Object.entries(SETTING_SPECS)) {
    expect(properties[key]?.title).toMatch(/^\S.{5,}/)
    expect(properties[key]?.description).toContain(allowedValues(spec))
    expect(properties[key]?.description).toContain(`Default: ${JSON.stringify(spec.default)}.`)
  }
})

test('Chromium accepts it', () => {
  const { type, properties, ...rest } = managedSchema()
  expect({ type, rest }).toEqual({ type: 'object', rest: {} })
  for (const property of Object.values(properties)) {
    expect(Object.keys(property).filter((keyword) => !KEYWORDS.includes(keyword))).toEqual([])
    expect(TYPES).toContain(property.type)
    expect(property.items).toEqual(property.type === 'array' ? { type: 'string' } : undefined)
  }
})

test('every choice has a name, and an unknown key throws', () => {
  for (const [key, spec] of Object.entries(POLICY_SPECS)) {
    expect(Object.keys(wordsOf(key).choices)).toEqual(spec.kind === 'choice' ? spec.choices : [])
  }
  expect(() => wordsOf('colour')).toThrow('There is no setting colour')
})

/** As in a list of policies, without their folders. */
test('no two settings have the same title', () => {
  const titles = Object.keys(POLICY_SPECS).map((key) => wordsOf(key).title)
  expect(new Set(titles).size).toBe(titles.length)
})
