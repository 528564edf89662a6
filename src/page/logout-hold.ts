import type { Closer } from './closer'
import { logoutLinkOf } from './departure'
import { guard } from './guard'
import { natives } from './natives'

/**
 * Holds a click on the Logout link (CCPv1) until the agent is Offline: logging out leaves the status as it was, and takes
 * from the page all means to change it. The click then goes on as if nothing had been.
 * @returns how to stop.
 */
export function holdLogout(closer: Closer): () => void {
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
        // This click is a script's, and is not held again.
        link.click()
      })
      if (!isWaiting) return
      isHeld = !hasGoneOn
    }
    event.preventDefault()
    event.stopImmediatePropagation()
  })
  return natives.listen('click', onClick)
}

/** With these keys a click opens another tab or window, and this page stays. */
function opensElsewhere(event: Event): boolean {
  const { ctrlKey, metaKey, shiftKey, altKey } = event as MouseEvent
  return ctrlKey || metaKey || shiftKey || altKey
}
