import type { DocumentStatus } from '../protocol/ui-messages'
import { statusText } from '../ui/status-text'
import { h } from '../ui/dom'
import type { GlyphName } from '../ui/glyph'
import { glyph } from '../ui/glyph'
import { t } from '../ui/i18n'
import type { Tone } from '../ui/words'
import { targetName } from '../ui/words'
import type { Actions } from './actions'

/** The button to go Offline now, or how that is going. It counts as done only when Connect has confirmed it. */
export function goOfflinePart({ docId, agent, offlineNow }: DocumentStatus, actions: Actions): HTMLElement[] {
  const target = targetName(agent?.offlineState?.name)
  switch (offlineNow.is) {
    case 'not_offered':
      return []
    case 'on_contact':
      return [line('neutral', 'clock', t('popupGoOfflineContact'))]
    case 'under_way': {
      const { error } = offlineNow
      if (error === null) return [line('neutral', 'clock', t('popupGoOfflineAsking', target))]
      return [
        line('warn', 'warning', t('popupGoOfflineRefused', error.type, agent === null ? '' : statusText(agent.state))),
      ]
    }
    case 'confirmed':
      return [line('good', 'check', t('popupGoOfflineConfirmed', target))]
    case 'offered':
      switch (actions.wishes.get(docId)) {
        case undefined:
          return [goButton(docId, target, actions)]
        case 'asked':
          return [line('neutral', 'clock', t('popupGoOfflineAsking', target))]
        case 'declined':
          return [line('warn', 'warning', t('popupGoOfflineDeclined')), goButton(docId, target, actions)]
        case 'silent':
          return [line('warn', 'warning', t('popupGoOfflineSilent')), goButton(docId, target, actions)]
      }
  }
}

export function line(tone: Tone, name: GlyphName, text: string): HTMLElement {
  return h('p', { class: `going ${tone}` }, glyph(name), h('span', {}, text))
}

function goButton(docId: string, target: string, actions: Actions): HTMLElement {
  const attributes = { type: 'button', 'data-focus': `offline ${docId}`, onclick: () => actions.goOffline(docId) }
  return h('button', attributes, t('popupGoOffline', target))
}
