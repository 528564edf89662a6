import { isOfflineWhileOpen } from '../domain/close-report'
import type { Cause, LogEntry } from '../domain/log-entry'
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

/** Everything that the popup shows, the most important first. */
export function popupView(status: Status, actions: Actions, now: number): HTMLElement[] {
  const attention = attentionNotices(status, actions, now)
  const cards = agentCards(status.documents, actions, now)
  // Without access to the sites, "No CCP is open" would be a guess.
  const blind = !status.hostsGranted || status.unreachedTabs > 0
  const ccps = cards.length > 0 ? cards : blind ? [] : [emptyCard(status.mode)]
  return [
    ...(status.isIntroductionDue && status.mode !== 'off' ? [introduction(status.mode, actions)] : []),
    // Each open CCP says it itself.
    ...(cards.length > 0 ? [] : modeChip(status.mode)),
    ...(attention.length > 0 ? [section('popupAttentionTitle', attention)] : []),
    ...(ccps.length > 0 ? [section('popupCcpsTitle', ccps)] : []),
    lastClose(status.lastEntry, now),
  ]
}

function section(title: 'popupAttentionTitle' | 'popupCcpsTitle', content: readonly HTMLElement[]): HTMLElement {
  return h('section', {}, h('h2', { class: 'visually-hidden' }, t(title)), ...content)
}

/** Once, where no welcome page was shown: what the button is, and what closing the CCP does. */
function introduction(mode: 'act' | 'observe', actions: Actions): HTMLElement {
  return h(
    'section',
    { class: 'intro card', 'aria-labelledby': 'intro-title' },
    glyph('shield'),
    h(
      'div',
      {},
      h('h2', { id: 'intro-title' }, t('introTitle')),
      h('p', {}, t('introButton')),
      h('p', {}, t(mode === 'act' ? 'introAct' : 'introTrial')),
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          { type: 'button', class: 'primary', 'data-focus': 'intro', onclick: () => actions.noteIntroduced() },
          t('introDone'),
        ),
      ),
    ),
  )
}

function modeChip(mode: Status['mode']): HTMLElement[] {
  switch (mode) {
    case 'act':
      return []
    case 'observe':
      return [h('p', {}, pill('trial', 'pause', t('popupModeObserve')))]
    case 'off':
      return [h('p', {}, pill('off', 'pause', t('popupModeOff')))]
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

/** Causes that close nothing: the page is still there. */
const NO_CLOSE: ReadonlySet<Cause> = new Set(['stayed', 'none'])

function lastClose(entry: LogEntry | null, now: number): HTMLElement {
  const isClose = entry === null || !(isOfflineWhileOpen(entry.cause) || NO_CLOSE.has(entry.cause))
  const title = h('h2', {}, t(isClose ? 'popupLastTitle' : 'popupLastEvent'))
  if (entry === null) return h('div', { class: 'last' }, title, h('p', { class: 'muted' }, t('popupLastNone')))
  const facts = [entry.agentName || entry.username || entry.instance, t(CAUSES[entry.cause]), formatAgo(entry.at, now)]
  const spans = facts.flatMap((fact, index) => [index > 0 ? ' · ' : null, h('span', {}, fact)])
  return h('div', { class: 'last' }, title, outcomePill(entry), h('p', { class: 'muted' }, ...spans))
}
