import manifest from '../../../../manifest.json'
import { kindsToConsentTo } from '../../../../src/domain/fleet/consent'
import { DEFAULT_SETTINGS } from '../../../../src/domain/settings'

const settings = { ...DEFAULT_SETTINGS, otlpEndpoint: 'https://collector.example.com/v1/logs' }

test('a user consents to the data of the collector that they have set, with identities only if agents are identified', () => {
  expect(kindsToConsentTo({ settings, managed: [] })).toEqual(['technicalAndInteraction'])
  for (const agentIdentity of ['hash', 'user_name'] as const) {
    const named = kindsToConsentTo({ settings: { ...settings, agentIdentity }, managed: ['mode'] })
    expect([...named].sort()).toEqual(['personallyIdentifyingInfo', 'technicalAndInteraction'])
    // The manifest must list exactly these.
    const { optional } = manifest.browser_specific_settings.gecko.data_collection_permissions
    expect([...named].sort()).toEqual([...optional].sort())
  }
})

test('no consent is needed if policy has set the collector, or if there is none', () => {
  expect(kindsToConsentTo({ settings, managed: ['otlpEndpoint'] })).toEqual([])
  expect(kindsToConsentTo({ settings: DEFAULT_SETTINGS, managed: [] })).toEqual([])
})
