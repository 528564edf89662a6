import type { Closer } from './closer'
import { logoutLinkOf } from './departure'
import { guard } from './guard'
import { natives } from './natives'
import { ScriptLogout } from './script-logout'

/**
 * Holds a log-out, however it is made, until the agent is Offline: logging out leaves the status as it was, and deprives the page
 * of all means to change it. A click on the Logout link (CCPv1) then proceeds as if nothing had happened.
 * @returns how to stop.
 */
export function holdLogout(closer: Closer): () => void {
  const scripts = new ScriptLogout(closer)
  scripts.start()
  let isHeld = false
  const onClick = guard((event: Event) => {
    const link = logoutLinkOf(event)
    if (link === null || link.target === '_blank' || opensElsewhere(event)) return
    // Further clicks while one is held are no further log-outs.
    if (!isHeld) {
      let hasGoneOn = false
      const isWaiting = closer.closeBeforeLogout(() => {
        hasGoneOn = true
        isHeld = false
        scripts.note()
        // A script makes this click: it is not held again.
        link.click()
      })
      if (!isWaiting) return
      isHeld = !hasGoneOn
    }
    event.preventDefault()
    event.stopImmediatePropagation()
  })
  const stopClicks = natives.listen('click', onClick)
  return () => {
    stopClicks()
    scripts.stop()
  }
}

/** With these keys a click opens another tab or window, and this page stays. */
function opensElsewhere(event: Event): boolean {
  const { ctrlKey, metaKey, shiftKey, altKey } = event as MouseEvent
  return ctrlKey || metaKey || shiftKey || altKey
}
