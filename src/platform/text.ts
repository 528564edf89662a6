import type messages from '../../_locales/en/messages.json'
import { browser } from './browser'

export type MessageKey = keyof typeof messages

/** The text of a key in the browser's language, for the worlds that have no pages. */
export function text(key: MessageKey, ...values: string[]): string {
  return browser.i18n.getMessage(key, values) || key
}
