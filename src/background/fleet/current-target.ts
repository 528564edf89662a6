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
 * The collector and the machine, by the current settings: the machine's id is created if it has none, unless nothing may be sent.
 * @param userAgent `navigator.userAgent`.
 */
export async function currentTarget(resolution: Resolution, userAgent: string): Promise<Target | null> {
  if (!(await mayReport(resolution))) return null
  const { settings } = resolution
  const { os } = await browser.runtime.getPlatformInfo()
  const { version } = browser.runtime.getManifest()
  return targetOf(settings, { version, installationId: await installationId(), userAgent, os })
}
