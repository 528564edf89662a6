/**
 * The mark of a tab that was opened as a recovery CCP. It is the tab's own, and outlives an update of the extension and a
 * browser that restores its tabs: so such a tab tells of itself, and is closed.
 */
const KEY = 'ccp-signoff:recovers'
const CLOSE_ID = /^[\w-]{1,64}$/

/** The close that this tab was opened for; null in every other tab. */
export function recoveryMark(): string | null {
  try {
    const closeId = sessionStorage.getItem(KEY)
    return closeId !== null && CLOSE_ID.test(closeId) ? closeId : null
  } catch {
    // A document without storage of its own.
    return null
  }
}

export function markAsRecovery(closeId: string): void {
  try {
    sessionStorage.setItem(KEY, closeId)
  } catch {
    // The state of this run knows the tab.
  }
}
