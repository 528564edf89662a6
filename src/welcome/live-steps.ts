import { browser } from '../platform/browser'
import { hasHosts, onHostsChanged } from '../platform/hosts'
import type { Ask } from '../ui/ask'
import { errorText } from '../ui/ask'
import { onStored } from '../ui/changes'
import { requestHosts } from '../ui/request-host'
import { failure } from '../ui/parts'
import type { Readiness } from './welcome-view'
import { stepItems } from './welcome-view'

/** Keeps the steps up to date. Returns the function that checks again. */
export function liveSteps(list: HTMLElement, ask: Ask): () => Promise<void> {
  let shown = ''
  const again = () => void refresh()

  async function refresh(): Promise<void> {
    try {
      const [hasAccess, { unreachedTabs }, isPinned] = await Promise.all([hasHosts(), ask('get_status'), pinned()])
      const found: Readiness = { hasAccess, unreachedTabs, isPinned }
      // Redraw only changes, so that nothing moves under a click.
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
  // No browser reports pinning: check again when people come back to this page.
  document.addEventListener('visibilitychange', again)
  window.addEventListener('focus', again)
  return refresh
}

/** Whether the button is in the toolbar; null if the browser does not say. */
async function pinned(): Promise<boolean | null> {
  const action = browser.action as Partial<Pick<typeof browser.action, 'getUserSettings'>>
  return (await action.getUserSettings?.())?.isOnToolbar ?? null
}
