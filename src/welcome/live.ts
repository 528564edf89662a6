import { browser } from '../platform/browser'
import { hasHosts, onHostsChanged } from '../platform/hosts'
import type { Ask } from '../ui/ask'
import { errorText } from '../ui/ask'
import { onStored } from '../ui/changes'
import { requestHosts } from '../ui/host-access'
import { failure } from '../ui/parts'
import type { Readiness } from './view'
import { stepItems } from './view'

/** Keeps the steps at what is still to be done. Answers the function that looks again. */
export function liveSteps(list: HTMLElement, ask: Ask): () => Promise<void> {
  let shown = ''
  const again = () => void refresh()

  async function refresh(): Promise<void> {
    try {
      const [hasAccess, { unreachedTabs }, isPinned] = await Promise.all([hasHosts(), ask('get_status'), pinned()])
      const found: Readiness = { hasAccess, unreachedTabs, isPinned }
      // What somebody is about to click stays where it is.
      if (JSON.stringify(found) === shown) return
      shown = JSON.stringify(found)
      list.replaceChildren(...stepItems(found, requestHosts, again))
    } catch (error) {
      shown = ''
      list.replaceChildren(failure(errorText(error), again))
    } finally {
      list.removeAttribute('aria-busy')
    }
  }

  onHostsChanged(again)
  onStored(['sessions'], again)
  // Of the pin no browser tells: who has set it looks back here.
  document.addEventListener('visibilitychange', again)
  window.addEventListener('focus', again)
  return refresh
}

/** Whether the button is in the toolbar; null where the browser does not say. */
async function pinned(): Promise<boolean | null> {
  const action = browser.action as Partial<Pick<typeof browser.action, 'getUserSettings'>>
  return (await action.getUserSettings?.())?.isOnToolbar ?? null
}
