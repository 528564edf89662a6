import type { DocumentStatus } from '../protocol/ui-messages'
import { h } from '../ui/dom'
import type { GlyphName } from '../ui/glyph'
import { glyph } from '../ui/glyph'
import { t } from '../ui/i18n'
import type { Tone } from '../ui/words'
import { targetName } from '../ui/words'
import type { Actions } from './actions'

/** What is offered to an agent who wants to be Offline now, or how that goes: only Connect's own word makes it done. */
export function goOfflinePart({ docId, agent, offlineNow }: DocumentStatus, actions: Actions): HTMLElement[] {
  const target = targetName(agent?.offlineState?.name)
  switch (offlineNow.is) {
    case 'not_offered':
      return []
    case 'on_contact':
      return [line('neutral', 'clock', t('popupGoOfflineContact', target))]
    case 'under_way': {
      const { error } = offlineNow
      if (error === null) return [line('neutral', 'clock', t('popupGoOfflineAsking', target))]
      return [line('warn', 'warning', t('popupGoOfflineRefused', error.type, agent?.state.name ?? ''))]
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

function line(tone: Tone, name: GlyphName, text: string): HTMLElement {
  return h('p', { class: `going ${tone}` }, glyph(name), h('span', {}, text))
}

function goButton(docId: string, target: string, actions: Actions): HTMLElement {
  const attributes = { type: 'button', 'data-focus': `offline ${docId}`, onclick: () => actions.goOffline(docId) }
  return h('button', attributes, t('popupGoOffline', target))
}
