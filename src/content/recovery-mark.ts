/**
 * The mark of a tab that was opened as a recovery CCP. It belongs to the tab, and outlives an update of the extension and a
 * browser that restores its tabs: such a tab says what it is, and is closed. The page can write anything there: the background
 * knows which marks it has issued.
 */
const KEY = 'ccp-signoff:recovers'
const MARK = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** The mark of this tab; null in every other tab, and in frames, whose storage other frames of their site may share. */
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
    // The state of this run knows the tab anyway.
  }
}
