import type { Settings } from '../../domain/settings'
import { browser } from '../../platform/browser'
import { installationId } from '../../storage/installation-store'
import type { Target } from './target'
import { targetOf } from './target'

/**
 * What the settings of now come to on this machine: its name is made where there is none, and where they name nowhere, not.
 * @param userAgent as `navigator.userAgent` has it.
 */
export async function currentTarget(settings: Settings, userAgent: string): Promise<Target | null> {
  if (settings.otlpEndpoint === '') return null
  const { os } = await browser.runtime.getPlatformInfo()
  const { version } = browser.runtime.getManifest()
  return targetOf(settings, { version, installationId: await installationId(), userAgent, os })
}
