import { kindsToConsentTo } from '../../domain/fleet/consent'
import type { Resolution } from '../../domain/policy'
import { browser } from '../../platform/browser'
import { withheld } from '../../platform/data-consent'
import { installationId } from '../../storage/installation-store'
import type { Target } from './target'
import { targetOf } from './target'

/** Whether the settings name a collector, and records may go there. */
export async function mayReport(resolution: Resolution): Promise<boolean> {
  return resolution.settings.otlpEndpoint !== '' && (await withheld(kindsToConsentTo(resolution))).length === 0
}

/**
 * What the settings of now come to on this machine: its name is created if it has none, and where nothing may be sent,
 * not.
 * @param userAgent as `navigator.userAgent` has it.
 */
export async function currentTarget(resolution: Resolution, userAgent: string): Promise<Target | null> {
  if (!(await mayReport(resolution))) return null
  const { settings } = resolution
  const { os } = await browser.runtime.getPlatformInfo()
  const { version } = browser.runtime.getManifest()
  return targetOf(settings, { version, installationId: await installationId(), userAgent, os })
}
