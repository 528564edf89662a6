import type { Resolution } from '../policy'

/** Kinds of data, in Firefox's own terms (`data_collection_permissions`). */
export type DataKind = 'personallyIdentifyingInfo' | 'technicalAndInteraction'

/**
 * What people must consent to before anything goes to the collector, where their browser keeps such consents: Firefox does. Where
 * policy names the collector, the organization decides, and nobody is asked
 * (https://developer.mozilla.org/docs/Mozilla/Add-ons/WebExtensions/Prompt_users_for_data_and_privacy_consents).
 */
export function kindsToConsentTo({ settings, managed }: Decision): DataKind[] {
  if (settings.otlpEndpoint === '' || managed.includes('otlpEndpoint')) return []
  const ofPeople: DataKind[] = settings.agentIdentity === 'nothing' ? [] : ['personallyIdentifyingInfo']
  return ['technicalAndInteraction', ...ofPeople]
}

type Decision = Pick<Resolution, 'settings' | 'managed'>

/** What people must consent to before any heartbeat goes to the watchdog: each heartbeat says who it is about. */
export function heartbeatKindsToConsentTo({ settings, managed }: Decision): DataKind[] {
  if (settings.watchdogEndpoint === '' || managed.includes('watchdogEndpoint')) return []
  return ['technicalAndInteraction', 'personallyIdentifyingInfo']
}
