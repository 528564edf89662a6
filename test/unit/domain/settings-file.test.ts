import fc from 'fast-check'
import type { SettingKey, Settings } from '../../../src/domain/settings'
import type { SettingSpec, SettingValue } from '../../../src/domain/setting-spec'
import { DEFAULT_SETTINGS, isSecret, resolveSettings, SETTING_KEYS, SETTING_SPECS } from '../../../src/domain/settings'
import { planImport, readSettingsFile, settingsFile } from '../../../src/domain/settings-file'
import { PROPERTY_MS } from '../../property-time'

jest.setTimeout(PROPERTY_MS)

const AT = Date.UTC(2026, 10, 22)

function valueOf(spec: SettingSpec): fc.Arbitrary<SettingValue> {
  switch (spec.kind) {
    case 'choice':
      return fc.constantFrom(...spec.choices)
    case 'switch':
      return fc.boolean()
    case 'number':
      return fc.integer({ min: spec.min, max: spec.max })
    case 'list':
      if (spec.format !== undefined) return fc.subarray(['site=Lisboa', 'X-Key=abc'])
      return spec.items === null
        ? fc.array(
            fc.string({ minLength: 1, maxLength: 9 }).filter((text) => text.trim() !== ''),
            { maxLength: 3 },
          )
        : fc.subarray([...spec.items])
    case 'text':
      if (spec.format === 'endpoint') return fc.constantFrom('', 'https://collector.example.com/v1/logs')
      return fc.string({ maxLength: 9 })
  }
}
const anySettings = fc
  .record(Object.fromEntries(SETTING_KEYS.map((key) => [key, valueOf(SETTING_SPECS[key])])))
  .map((values) => values as unknown as Settings)
const anyKeys = fc.subarray(SETTING_KEYS)

const valuesIn = (text: string): Readonly<Record<string, unknown>> => {
  const reading = readSettingsFile(text)
  if (!reading.ok) throw new Error(reading.reason)
  return reading.values
}

test('exported settings apply where they are imported, except for locked ones', () => {
  fc.assert(
    fc.property(anySettings, anySettings, anyKeys, (from, to, locked) => {
      const plan = planImport(valuesIn(settingsFile(from, '1.2.3', AT)), to, locked)
      expect(plan.refused).toEqual([])
      const after: Record<string, unknown> = { ...to }
      for (const { key, to: value } of plan.changes) after[key] = value
      // Secrets are never exported, so they stay unchanged.
      const told = SETTING_KEYS.filter((key) => !isSecret(key))
      for (const key of SETTING_KEYS) {
        expect(after[key]).toEqual(locked.includes(key) || !told.includes(key) ? to[key] : from[key])
      }
      expect(plan.changes.length + plan.locked.length + plan.same).toBe(told.length)
    }),
  )
})

test('for any file, a change sets a known, unlocked key to a valid value', () => {
  const values = fc.dictionary(fc.oneof(fc.constantFrom(...SETTING_KEYS), fc.string()), fc.jsonValue())
  fc.assert(
    fc.property(values, anySettings, anyKeys, (given, settings, locked) => {
      const { changes, refused } = planImport(given, settings, locked)
      for (const { key, from, to } of changes) {
        expect(SETTING_KEYS).toContain(key)
        expect(locked).not.toContain(key)
        expect(resolveSettings({ [key]: to }).problems).toEqual([])
        expect(to).not.toEqual(from)
      }
      for (const { key } of refused) expect(Object.hasOwn(given, key)).toBe(true)
    }),
  )
})

test('each key is checked by itself: a refused one is listed with its value and the allowed values', () => {
  const values = { mode: 'loud', retentionDays: 30, colour: 'red', notify: true, holdMs: 5 }
  expect(planImport(values, DEFAULT_SETTINGS, ['holdMs'] satisfies SettingKey[])).toEqual({
    changes: [{ key: 'retentionDays', from: 90, to: 30 }],
    refused: [
      { key: 'mode', value: 'loud', allowed: 'act | observe | off' },
      { key: 'colour', value: 'red', allowed: null },
    ],
    locked: [{ key: 'holdMs', from: 1000, to: 5 }],
    same: 1,
  })
})

test.each([
  ['', 'not_json'],
  ['mode: act', 'not_json'],
  ['null', 'foreign'],
  ['[]', 'foreign'],
  ['{"mode": "act"}', 'foreign'],
  ['{"format": "signoff-settings", "formatVersion": 1, "settings": []}', 'foreign'],
  ['{"format": "signoff-settings", "settings": {}}', 'foreign'],
  ['{"format": "signoff-settings", "formatVersion": 2, "settings": {}}', 'newer'],
])('%p is reported as %s', (text, reason) => {
  expect(readSettingsFile(text)).toEqual({ ok: false, reason })
})

test('a byte order mark, and fields of a later version, are accepted', () => {
  const text = settingsFile(DEFAULT_SETTINGS, '1.2.3', AT)
  expect(valuesIn(`\uFEFF${text.replace('{', '{ "comment": "pilot", ')}`)).toEqual(
    Object.fromEntries(Object.entries(DEFAULT_SETTINGS).filter(([key]) => !isSecret(key as SettingKey))),
  )
})
