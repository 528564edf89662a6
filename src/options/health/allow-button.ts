import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { t } from '../../ui/i18n'

/** A button that asks the browser for access to a host, and people for their consent to what is sent there. */
export interface AllowButton<K> {
  readonly button: HTMLButtonElement
  /** Takes what is missing now, and hides the button where nothing is. @returns whether nothing is. */
  show(access: { readonly pattern: string; readonly isGranted: boolean }, withheld: K): boolean
}

/**
 * @param request asks for both; it is called in the user's own click, as the browser demands.
 * @param refresh shows the card again, once the answer is known.
 * @param said the element that shows an error.
 */
export function allowButton<K extends readonly unknown[]>(
  id: string,
  request: (pattern: string, kinds: K) => Promise<boolean>,
  refresh: () => Promise<void>,
  said: HTMLElement,
): AllowButton<K> {
  const button = h('button', { type: 'button', id, class: 'primary', hidden: true }, t('fleetAllow'))
  let missing: readonly [string, K] | null = null
  button.addEventListener('click', () => {
    if (missing === null) return
    request(...missing).then(
      () => void refresh(),
      (error: unknown) => {
        said.textContent = errorText(error)
      },
    )
  })
  return {
    button,
    show: ({ pattern, isGranted }, withheld) => {
      missing = [pattern, withheld]
      button.hidden = isGranted && withheld.length === 0
      return button.hidden
    },
  }
}
