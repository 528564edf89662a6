import { browser } from '../platform/browser'

/** Shows whoever has installed us by hand what we do, once. Where IT has, agents are shown nothing that they cannot change. */
export async function welcome(): Promise<void> {
  const { installType } = await browser.management.getSelf()
  if (installType !== 'admin') await browser.tabs.create({ url: browser.runtime.getURL('welcome.html') })
}
