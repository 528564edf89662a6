import type { Status } from '../protocol/ui-messages'
import type { Ask } from '../ui/ask'
import { errorText } from '../ui/ask'
import { failure } from '../ui/parts'
import { redrawer } from '../ui/redraw'
import { makeActions } from './actions'
import { newsOf } from './news'
import { popupView } from './view'
import { t } from '../ui/i18n'

interface Page {
  readonly main: HTMLElement
  readonly version: HTMLElement
  /** A live region: it says what has changed and matters, and nothing else. */
  readonly news: HTMLElement
}

/** Keeps the popup at what the background says. Answers the function that asks again. */
export function livePopup({ main, version, news }: Page, ask: Ask, now: () => number = Date.now): () => Promise<void> {
  let asked = 0
  let last: Status | null = null
  // Where what had the focus is gone (a dismissed flag), the focus stays in the popup's content.
  const redraw = redrawer(main, () => main)
  const fail = (error: unknown) => redraw(() => main.replaceChildren(failure(errorText(error), again)))
  const again = () => void refresh()
  const actions = makeActions(ask, again, fail, (text) => (news.textContent = text))

  async function refresh(): Promise<void> {
    const turn = ++asked
    try {
      const status = await ask('get_status')
      // A later question has been asked meanwhile: its answer is the one to show.
      if (turn !== asked) return
      actions.noteStatus(status)
      const said = last === null ? null : newsOf(last, status)
      if (said !== null) news.textContent = said
      last = status
      version.textContent = t('popupVersion', status.version)
      redraw(() => main.replaceChildren(...popupView(status, actions, now())))
    } catch (error) {
      if (turn === asked) fail(error)
    } finally {
      main.removeAttribute('aria-busy')
    }
  }
  return refresh
}
