/**
 * The mark of a tab that was opened as a recovery CCP. It is the tab's own, and outlives an update of the extension and a
 * browser that restores its tabs: so such a tab tells of itself, and is closed. The page can write there what it likes:
 * the background knows which marks it has issued.
 */
const KEY = 'ccp-signoff:recovers'
const MARK = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** What this tab was marked with; null in every other tab, and in frames, whose storage others of their site may share. */
export function recoveryMark(): string | null {
  if (window.top !== window) return null
  try {
    const mark = sessionStorage.getItem(KEY)
    return mark !== null && MARK.test(mark) ? mark : null
  } catch {
    // A document without storage of its own.
    return null
  }
}

export function markAsRecovery(mark: string): void {
  if (window.top !== window) return
  try {
    sessionStorage.setItem(KEY, mark)
  } catch {
    // The state of this run knows the tab.
  }
}
