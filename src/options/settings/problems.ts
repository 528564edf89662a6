import type { Ask } from '../../ui/ask'
import { problemNotices } from '../../ui/setting-problems'

/**
 * Shows values of settings that are not in force at a place of their own.
 * @returns to be called when they may have changed. What cannot be read is told by whoever else asks for the settings.
 */
export function settingProblems(place: HTMLElement, ask: Ask): () => Promise<void> {
  return async () => {
    const { problems } = await ask('get_settings').catch(() => ({ problems: [] }))
    place.replaceChildren(...problemNotices(problems))
  }
}
