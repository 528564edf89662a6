import type { Closer } from './closer'
import { isLogout, logoutLinkOf } from './departure'
import { guard } from './guard'
import { formAddress, logOutBehind, whileConnected } from './logout-methods'
import { natives } from './natives'
import { ScriptLogout } from './script-logout'

/**
 * Holds a log-out, however it is made, until the agent is Offline: logging out leaves the status as it was, and deprives the page
 * of all means to change it. A click on the Logout link (CCPv1), or a form, then proceeds as if nothing had happened.
 * @returns how to stop.
 */
export function holdLogout(closer: Closer): () => void {
  const scripts = new ScriptLogout(closer)
  scripts.start()
  /** Where the log-out that is held leads to. */
  let held: string | null = null
  let passes = false
  /** @param again makes the same event once more: it is not held again. */
  const hold = (event: Event, url: string, again: () => void): void => {
    // Further clicks while one is held are no further log-outs.
    if (held === null) {
      held = url
      const isWaiting = closer.closeBeforeLogout(() => {
        held = null
        scripts.note()
        passes = true
        guard(again)()
        passes = false
      })
      if (!isWaiting) {
        held = null
        return
      }
    }
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  const stops = [
    natives.listen(
      'click',
      guard((event) => {
        const link = logoutLinkOf(event)
        if (link === null) return
        // A script cannot make such a click again.
        if (opensElsewhere(event)) closer.closeBeforeLogout(() => undefined)
        else hold(event, link.href, () => link.click())
      }),
    ),
    natives.listen(
      'auxclick',
      guard((event) => {
        // The middle button opens another tab.
        if ((event as MouseEvent).button === 1 && logoutLinkOf(event) !== null)
          closer.closeBeforeLogout(() => undefined)
      }),
    ),
    natives.listen(
      'submit',
      guard((event) => {
        const { target, submitter } = event as SubmitEvent
        const form = target as HTMLFormElement
        // A script's own event sends no form.
        if (passes || !event.isTrusted || !isLogout(formAddress(form, submitter))) return
        hold(event, formAddress(form, submitter), () => submitAgain(form, submitter))
      }),
    ),
  ]
  stops.push(
    natives.listen(
      'pagehide',
      guard(() => {
        if (held !== null) logOutBehind(held)
      }),
    ),
  )
  return () => {
    for (const stop of stops) stop()
    scripts.stop()
  }
}

/** Sends a form once more. The page may have taken form or button away meanwhile; then a copy is sent. */
function submitAgain(form: HTMLFormElement, submitter: HTMLElement | null): void {
  if (form.isConnected) {
    form.requestSubmit(submitter?.isConnected === true ? submitter : undefined)
    return
  }
  const copy = form.cloneNode(true) as HTMLFormElement
  whileConnected(copy, () => copy.requestSubmit())
}

/** With these keys a click opens another tab or window, or saves the answer, and this page stays. */
function opensElsewhere(event: Event): boolean {
  const { ctrlKey, metaKey, shiftKey, altKey } = event as MouseEvent
  return ctrlKey || metaKey || shiftKey || altKey
}
