import type { Ask } from '../../ui/ask'
import { problemNotices } from '../../ui/setting-problems'

/**
 * Lists values of settings that are not in force.
 * @returns call it when they may have changed. Where the settings cannot be read, the section of the settings says so.
 */
export function settingProblems(place: HTMLElement, ask: Ask): () => Promise<void> {
  return async () => {
    const { problems } = await ask('get_settings').catch(() => ({ problems: [] }))
    place.replaceChildren(...problemNotices(problems))
  }
}
