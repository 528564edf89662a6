import { browser } from '../platform/browser'
import { isIntroduced } from '../storage/introduction-store'

/** Shows a person who has installed the extension by hand what it does, once. Where IT has installed it, agents are shown nothing that they cannot change. */
export async function welcome(): Promise<void> {
  const { installType } = await browser.management.getSelf()
  if (installType !== 'admin') await openPage('welcome.html')
}

/** Whether the popup is to say what it is: where IT has installed us, no page has; until the agent has read it. */
export async function isIntroductionDue(): Promise<boolean> {
  const { installType } = await browser.management.getSelf()
  return installType === 'admin' && !(await isIntroduced())
}

/** Opens one of our own pages in a tab. */
export async function openPage(path: string): Promise<void> {
  await browser.tabs.create({ url: browser.runtime.getURL(path) })
}
