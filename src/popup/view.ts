import { isSignOff } from '../domain/close-report'
import type { LogEntry } from '../domain/log-entry'
import type { Status } from '../protocol/ui-messages'
import { h } from '../ui/dom'
import { formatAgo } from '../ui/format'
import { glyph } from '../ui/glyph'
import { t } from '../ui/i18n'
import { outcomePill, pill } from '../ui/parts'
import { CAUSES } from '../ui/words'
import type { Actions } from './actions'
import { agentCards } from './agents'
import { attentionNotices } from './attention'

/** Everything the popup says, in the order of its weight. */
export function popupView(status: Status, actions: Actions, now: number): HTMLElement[] {
  const attention = attentionNotices(status, actions, now)
  const cards = agentCards(status.documents, actions, now)
  // "No CCP is open" would be a guess where the browser keeps us from seeing any.
  const blind = !status.hostsGranted || status.unreachedTabs > 0
  const ccps = cards.length > 0 ? cards : blind ? [] : [emptyCard(status.mode)]
  return [
    ...modeChip(status.mode),
    ...(attention.length > 0 ? [section('popupAttentionTitle', attention)] : []),
    ...(ccps.length > 0 ? [section('popupCcpsTitle', ccps)] : []),
    lastClose(status.lastEntry, now),
  ]
}

function section(title: 'popupAttentionTitle' | 'popupCcpsTitle', content: readonly HTMLElement[]): HTMLElement {
  return h('section', {}, h('h2', { class: 'visually-hidden' }, t(title)), ...content)
}

function modeChip(mode: Status['mode']): HTMLElement[] {
  switch (mode) {
    case 'act':
      return []
    case 'observe':
      return [h('p', {}, pill('warn', 'pause', t('popupModeObserve')))]
    case 'off':
      return [h('p', {}, pill('warn', 'pause', t('popupModeOff')))]
  }
}

function emptyCard(mode: Status['mode']): HTMLElement {
  return h(
    'div',
    { class: 'empty card' },
    glyph('power'),
    h('h3', {}, t('popupEmptyTitle')),
    h('p', { class: 'muted' }, t(mode === 'act' ? 'popupEmptyText' : 'popupEmptyTextMode')),
    h('p', { class: 'muted aside' }, t('popupEmptyFramed')),
  )
}

function lastClose(entry: LogEntry | null, now: number): HTMLElement {
  const isClose = entry === null || !isSignOff(entry.cause)
  const title = h('h2', {}, t(isClose ? 'popupLastTitle' : 'popupLastEvent'))
  if (entry === null) return h('div', { class: 'last' }, title, h('p', { class: 'muted' }, t('popupLastNone')))
  const facts = [entry.agentName || entry.username || entry.instance, t(CAUSES[entry.cause]), formatAgo(entry.at, now)]
  const spans = facts.flatMap((fact, index) => [index > 0 ? ' · ' : null, h('span', {}, fact)])
  return h('div', { class: 'last' }, title, outcomePill(entry.outcome), h('p', { class: 'muted' }, ...spans))
}
