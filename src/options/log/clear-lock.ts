import { mayDeleteLog } from '../../domain/policy'
import type { Ask } from '../../ui/ask'

/**
 * Shows the button that clears the log to those who may: under a policy the log is the organization's, and "What is kept"
 * says so.
 * @returns asks the background (again). Never rejects: where it cannot be asked, it refuses itself what is not allowed.
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
