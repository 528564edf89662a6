import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'

/** The question, and the words of its two answers. */
interface Question {
  readonly title: MessageKey
  readonly text: MessageKey
  readonly agree: MessageKey
  readonly cancel: MessageKey
}

/** Asks before something that cannot be undone. If `act` rejects, the dialog shows why and stays. */
export function confirm(
  dialog: HTMLDialogElement,
  { title, text, agree, cancel }: Question,
  act: () => Promise<void>,
): void {
  const heading = h('h3', { id: `${dialog.id}-title` }, t(title))
  const words = h('p', { id: `${dialog.id}-text` }, t(text))
  const error = h('p', { class: 'error', role: 'alert' })
  const yes = h('button', { type: 'button', class: 'danger' }, t(agree))
  yes.addEventListener('click', () => {
    yes.disabled = true
    act().then(
      () => dialog.close(),
      (problem: unknown) => {
        yes.disabled = false
        error.textContent = errorText(problem)
      },
    )
  })
  const no = h('button', { type: 'button', autofocus: true, onclick: () => dialog.close() }, t(cancel))
  dialog.setAttribute('aria-labelledby', heading.id)
  dialog.setAttribute('aria-describedby', words.id)
  dialog.replaceChildren(heading, words, error, h('div', { class: 'buttons' }, no, yes))
  dialog.showModal()
}
