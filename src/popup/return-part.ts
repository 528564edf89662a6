import type { DocumentStatus } from '../protocol/ui-messages'
import { h } from '../ui/dom'
import { formatTime } from '../ui/format'
import { t } from '../ui/i18n'
import { statusText } from '../ui/status-text'
import type { Actions } from './actions'
import { line } from './go-offline-part'

/** Says that a close has set the agent Offline, and offers the status of before it, or how that is going. */
export function returnPart(
  { docId, agent, returnOffer }: DocumentStatus,
  actions: Actions,
  now: number,
): HTMLElement[] {
  if (returnOffer === null || agent === null) return []
  const { is, since, stateBefore, error } = returnOffer
  const status = statusText(stateBefore)
  const attributes = { type: 'button', 'data-focus': `return ${docId}`, onclick: () => actions.takeReturn(docId) }
  const button = h('button', attributes, t('takeReturn', status))
  switch (is) {
    case 'offered':
      return [line('neutral', 'clock', t('popupReturn', statusText(agent.state), formatTime(since, now))), button]
    case 'asking':
      return [line('neutral', 'clock', t('popupGoOfflineAsking', status))]
    case 'refused':
      return [line('warn', 'warning', t('popupReturnRefused', error ?? '')), button]
  }
}
