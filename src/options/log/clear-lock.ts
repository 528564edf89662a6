import { mayDeleteLog } from '../../domain/policy'
import type { Ask } from '../../ui/ask'

/**
 * Shows the button that clears the log to people who may clear it: under a policy the log is the organization's, and "My data"
 * says so.
 * @returns asks the background (again). Never rejects: if the background cannot be asked, it still refuses what is not allowed.
 */
export function clearLock(button: HTMLButtonElement, ask: Ask): () => Promise<void> {
  return async () => {
    try {
      button.hidden = !mayDeleteLog(await ask('get_settings'))
    } catch {
      button.hidden = false
    }
  }
}
