import manifest from '../../../../manifest.json'
import { kindsToConsentTo } from '../../../../src/domain/fleet/consent'
import { DEFAULT_SETTINGS } from '../../../../src/domain/settings'

const settings = { ...DEFAULT_SETTINGS, otlpEndpoint: 'https://collector.example.com/v1/logs' }

test('people consent to what they have named a collector for: who it was, only where agents are told apart', () => {
  expect(kindsToConsentTo({ settings, managed: [] })).toEqual(['technicalAndInteraction'])
  for (const agentIdentity of ['hash', 'user_name'] as const) {
    const named = kindsToConsentTo({ settings: { ...settings, agentIdentity }, managed: ['mode'] })
    expect([...named].sort()).toEqual(['personallyIdentifyingInfo', 'technicalAndInteraction'])
    // The manifest may ask for no more, and for no less.
    const { optional } = manifest.browser_specific_settings.gecko.data_collection_permissions
    expect([...named].sort()).toEqual([...optional].sort())
  }
})

test('nobody is asked where policy has named it, or where there is none', () => {
  expect(kindsToConsentTo({ settings, managed: ['otlpEndpoint'] })).toEqual([])
  expect(kindsToConsentTo({ settings: DEFAULT_SETTINGS, managed: [] })).toEqual([])
})
