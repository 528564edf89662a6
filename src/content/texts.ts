import type messages from '../../_locales/en/messages.json'
import type { AgentState } from '../domain/agent'
import type { StatusWord } from '../domain/status-word'
import { statusWord } from '../domain/status-word'
import { browser } from '../platform/content-browser'

/** The texts that are shown in the CCP itself. */
type TextKey = Extract<keyof typeof messages, `leave${string}`> | StatusWord | 'extName' | 'langTag' | 'textDirection'

/** A text in the user's language. */
export function text(key: TextKey, ...values: string[]): string {
  return browser.i18n.getMessage(key, values)
}

/** A status under the name that its agent reads. */
export function statusText(state: Pick<AgentState, 'name' | 'type'>): string {
  const word = statusWord(state)
  return word === null ? state.name : text(word)
}
