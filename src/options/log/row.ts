import type { LogEntry } from '../../domain/log-entry'
import { h } from '../../ui/dom'
import { formatDateTime, formatDuration } from '../../ui/format'
import { glyph } from '../../ui/glyph'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'
import { evidenceText, reasonText } from '../../ui/log-words'
import { outcomePill } from '../../ui/parts'
import { CAUSES, OUTCOMES, STATE_TYPES } from '../../ui/words'
import { entryDetails } from './details'
import { exposureNote } from './exposure'
import { whoOf } from './who'

/** How many columns the table has: the details span them all. */
const COLUMNS = 9

/** An entry's two rows: its facts, and its details while they are open. Both have their ARIA roles, which CSS for narrow pages would take away. */
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
    cell('colAgent', h('strong', {}, agent)),
    cell('colInstance', ...host(entry.instance)),
    cell(
      'colStateBefore',
      ...(outcome === 'unprotected' ? [] : [stateBefore.name, note(t(STATE_TYPES[stateBefore.type].word))]),
    ),
    cell('colOutcome', outcomePill(outcome), note(exposureNote(entry))),
    cell('colEvidence', evidenceText(entry), note(reasonText(entry) ?? entry.error?.type ?? null)),
    cell('colCause', t(CAUSES[entry.cause])),
    cell('colTook', entry.tookMs === null ? note(tookUnknown(outcome)) : formatDuration(entry.tookMs)),
  )
  return [row, details]
}

/** What was never asked for takes no time. */
function tookUnknown(outcome: LogEntry['outcome']): string | null {
  return outcome === 'unprotected' || outcome === 'left_available' ? null : t('logTookUnknown')
}

function cell(label: MessageKey, ...content: readonly (Node | string | null)[]): HTMLTableCellElement {
  return h('td', { role: 'cell', 'data-label': t(label) }, h('div', {}, ...content))
}

/** The instance's own name first, the domain that all of them share below it. */
function host(instance: string): (Node | string)[] {
  const dot = instance.indexOf('.')
  return dot < 0 ? [instance] : [instance.slice(0, dot), h('small', { class: 'muted' }, instance.slice(dot))]
}

function note(text: string | null): HTMLElement | null {
  return text === null ? null : h('small', { class: 'muted' }, text)
}

/** What the free text of the filter looks through. */
export function entryText(entry: LogEntry): string {
  const words = [
    entry.id,
    entry.agentName,
    entry.username,
    entry.instance,
    entry.stateBefore.name,
    t(OUTCOMES[entry.outcome].word),
    t(CAUSES[entry.cause]),
    evidenceText(entry),
    reasonText(entry) ?? '',
    entry.error === null ? '' : `${entry.error.type} ${entry.error.message}`,
    formatDateTime(entry.at),
  ]
  return words.join('\n').toLocaleLowerCase()
}
