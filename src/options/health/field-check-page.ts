/** What the field check does to the page around it: printing it alone, and the port that says that the page is there. */
import { browser } from '../../platform/browser'
import { FIELD_CHECK_PORT } from '../../protocol/field-check-messages'

/** Prints one part of the health section, and nothing else of the page. */
export function printAlone(place: HTMLElement): void {
  const { body } = place.ownerDocument
  body.classList.add('field-check-printed')
  addEventListener('afterprint', () => body.classList.remove('field-check-printed'), { once: true })
  print()
}

/** @returns opens the port, where it is not open: its end shows the background that the page is gone. */
export function holdPort(): () => void {
  let isOpen = false
  return () => {
    if (isOpen) return
    isOpen = true
    // A background that was stopped closes it.
    browser.runtime.connect({ name: FIELD_CHECK_PORT }).onDisconnect.addListener(() => {
      isOpen = false
    })
  }
}
