import { browser } from '../platform/browser'
import { isIntroduced } from '../storage/introduction-store'

/**
 * Shows a person who has installed the extension by hand what it does, once. Where IT has installed it, agents are not shown what
 * they cannot change.
 */
export async function welcome(): Promise<void> {
  const { installType } = await browser.management.getSelf()
  if (installType !== 'admin') await openPage('welcome.html')
}

/** Whether the popup is to introduce the extension: where IT has installed it, and until the agent has read it. */
export async function isIntroductionDue(): Promise<boolean> {
  const { installType } = await browser.management.getSelf()
  return installType === 'admin' && !(await isIntroduced())
}

/** Opens a page of the extension in a tab. */
export async function openPage(path: string): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL(path) })
}
