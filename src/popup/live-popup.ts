import type { Status } from '../protocol/ui-messages'
import type { Ask } from '../ui/ask'
import { errorText } from '../ui/ask'
import { failure } from '../ui/parts'
import { redrawer } from '../ui/redraw'
import { makeActions } from './actions'
import { announcementOf } from './announcement'
import { popupView } from './popup-view'
import { t } from '../ui/i18n'

interface Page {
  readonly main: HTMLElement
  readonly version: HTMLElement
  /** A live region: it announces only changes that matter. */
  readonly announcement: HTMLElement
}

/** Keeps the popup up to date with the background. Returns the function that asks again. */
export function livePopup(
  { main, version, announcement }: Page,
  ask: Ask,
  now: () => number = Date.now,
): () => Promise<void> {
  let asked = 0
  let last: Status | null = null
  // If the focused element is gone (a dismissed flag), the focus stays in the popup's content.
  const redraw = redrawer(main, () => main)
  const fail = (error: unknown) => redraw(() => main.replaceChildren(failure(errorText(error), again)))
  const again = () => void refresh()
  const actions = makeActions(ask, again, fail, (text) => (announcement.textContent = text))

  async function refresh(): Promise<void> {
    const turn = ++asked
    try {
      const status = await ask('get_status')
      // A later request is under way: show its answer instead.
      if (turn !== asked) return
      actions.noteStatus(status)
      const said = last === null ? null : announcementOf(last, status)
      if (said !== null) announcement.textContent = said
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
