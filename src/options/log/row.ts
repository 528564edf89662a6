import type { LogEntry } from '../../domain/log-entry'
import { statusText } from '../../ui/status-text'
import { h } from '../../ui/dom'
import { formatDateTime, formatDuration } from '../../ui/format'
import { glyph } from '../../ui/glyph'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'
import { evidenceText, reasonText } from '../../ui/log-words'
import { outcomePill } from '../../ui/parts'
import { CAUSES } from '../../ui/words'
import { entryDetails } from './details'
import { exposureShort } from './exposure-text'
import { whoOf } from './who'

/** The number of columns: the details span all of them. */
const COLUMNS = 10

/**
 * An entry's two rows: its facts, and its details while they are open. Their ARIA roles are explicit, as the CSS for narrow
 * pages would remove them.
 */
export function entryRows(entry: LogEntry): readonly [HTMLTableRowElement, HTMLTableRowElement] {
  const when = formatDateTime(entry.at)
  const agent = whoOf(entry)
  const place = h('td', { role: 'cell', colspan: COLUMNS })
  const details = h('tr', { role: 'row', id: `details-${entry.id}`, class: 'more', hidden: true }, place)

  const button = h(
    'button',
    {
      type: 'button',
      class: 'expander',
      'aria-expanded': 'false',
      'aria-controls': details.id,
      'aria-label': t('logDetailsOf', agent, when),
      onclick: () => {
        const open = details.hidden
        if (open && !place.hasChildNodes()) place.append(entryDetails(entry))
        details.hidden = !open
        button.setAttribute('aria-expanded', String(open))
      },
    },
    glyph('chevron'),
  )
  const { outcome, stateBefore } = entry
  const row = h(
    'tr',
    { role: 'row' },
    h('td', { role: 'cell', class: 'expand' }, button),
    cell('colWhen', h('time', { datetime: new Date(entry.at).toISOString() }, when)),
    cell('colAgent', h('strong', { title: agent }, agent)),
    cell('colInstance', ...host(entry.instance)),
    cell('colStateBefore', outcome === 'unprotected' ? null : statusText(stateBefore)),
    cell('colOutcome', outcomePill(entry)),
    cell('colEvidence', ...knownHow(entry)),
    cell('colCause', t(CAUSES[entry.cause])),
    cell('colTook', took(entry)),
    cell('colExposure', exposureShort(entry)),
  )
  return [row, details]
}

/**
 * One line on a wide page. What does not fit is in the cell's title and in the details. An entry of mode `observe` begins with
 * what would have been done: its outcome says that nothing was.
 */
function knownHow(entry: LogEntry): Node[] {
  const why = reasonText(entry) ?? entry.error?.type ?? null
  const how = evidenceText(entry)
  if (entry.would !== undefined) return [h('span', { title: `${how}. ${why ?? ''}` }, why)]
  if (why === null) return [h('span', { title: how }, how)]
  return [h('span', { title: `${how}. ${why}` }, how, ' ', h('small', { class: 'muted' }, why))]
}

/** Nothing where nothing was requested, which takes no time. */
function took({ outcome, tookMs }: LogEntry): Node | string | null {
  switch (outcome) {
    case 'not_needed':
    case 'left_available':
    case 'unprotected':
      return null
    case 'confirmed':
    case 'accepted':
    case 'unconfirmed':
    case 'failed':
      return tookMs === null ? h('small', { class: 'muted' }, t('logTookUnknown')) : formatDuration(tookMs)
  }
}

function cell(label: MessageKey, ...content: readonly (Node | string | null)[]): HTMLTableCellElement {
  return h('td', { role: 'cell', 'data-label': t(label) }, h('div', {}, ...content))
}

/** The instance's alias, followed by the domain, which all instances share, where there is room. */
function host(instance: string): Node[] {
  const dot = instance.indexOf('.')
  const domain = dot < 0 ? null : h('small', { class: 'muted domain' }, instance.slice(dot))
  return [h('span', { title: instance }, dot < 0 ? instance : instance.slice(0, dot), domain)]
}
