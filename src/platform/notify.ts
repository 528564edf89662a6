import { browser } from './browser'
import { isFirefox } from './is-firefox'

export interface Notice {
  /** A second notice with the same id takes the place of the first. */
  readonly id: string
  readonly title: string
  readonly message: string
  /** The label of the one button; a click on the notification itself does the same. null where there is nothing to do. */
  readonly button: string | null
}

/**
 * Shows a desktop notification. Firefox refuses one with buttons, so there a click on it must do, and the text says what it does.
 */
export async function notify({ id, title, message, button }: Notice): Promise<void> {
  const basic = { type: 'basic' as const, iconUrl: browser.runtime.getURL('icons/icon-128.png'), title, message }
  // Chromium alone knows buttons and requireInteraction: https://bugzil.la/1190681
  const buttons = button === null ? [] : [{ title: button }]
  const chromium = { ...basic, buttons, requireInteraction: true }
  const click = button === null ? '' : ` ${browser.i18n.getMessage('notifyClick', [button])}`
  await browser.notifications.create(id, isFirefox() ? { ...basic, message: message + click } : chromium)
}
