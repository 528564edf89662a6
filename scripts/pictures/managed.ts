import type { BrowserName } from '../../test/browser'
import { openOrganization } from '../../test/e2e/organization'
import type { Camera } from './camera'
import { says } from './personal'

/** The organization's policy in the pictures. */
const VALUES = { mode: 'act', instances: ['acme.awsapps.com'], retentionDays: 30 } as const

/** Takes the surfaces that look different where a policy installs and configures the extension. */
export async function shootManaged(name: BrowserName, camera: Camera): Promise<void> {
  const org = await openOrganization(name, '1.0.0', VALUES)
  try {
    const { stage } = org
    const open = (path: string) => stage.browser.extension.openPage(path)
    await stage.openAvailable(stage.instance.url.ccp('v1', { signInAs: 'alice' }))
    const popup = await open('popup.html')
    await says(popup, '.pill', 'Protected')
    await camera.popup(popup, 'popup-introduction')
    const settings = await open('options.html#settings')
    await says(settings, '#settings', 'Managed by your organization')
    await camera.page(settings, 'settings-managed')
    const health = await open('options.html#health')
    await says(health, '.who .pill', 'Protected')
    await camera.page(health, 'health-managed', undefined, true)
    for (const page of [popup, settings, health]) await page.discard()

    await org.decide({ ...VALUES, mode: 'acts' })
    const typo = await open('options.html#settings')
    await says(typo, '#settings-problems', 'Allowed: act | observe | off')
    await camera.page(typo, 'settings-typo')
  } finally {
    await org.close()
  }
}
