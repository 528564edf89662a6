import type messages from '../../_locales/en/messages.json'
import { browser } from '../platform/browser'

/** The texts that are shown in the CCP itself. */
type TextKey = Extract<keyof typeof messages, `leave${string}`> | 'extName' | 'langTag' | 'textDirection'

/** A text in the user's language. */
export function text(key: TextKey, ...values: string[]): string {
  return browser.i18n.getMessage(key, values)
}
