/** What the field check has found, as one page that prints, and the file in full. */
import type { FieldCheckFile } from '../../domain/field-check/field-check-file'
import type { CloseRecord } from '../../domain/field-check/observations'
import type { Part } from '../../domain/field-check/steps'
import type { AxisVerdict, FieldVerdict } from '../../domain/field-check/verdicts'
import { closeVerdict, isOtherWay, verdictsOf } from '../../domain/field-check/verdicts'
import type { FieldCheckView } from '../../protocol/field-check-messages'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t } from '../../ui/i18n'
import { pill } from '../../ui/parts'
import { OUTCOMES } from '../../ui/words'
import { AXIS_WORDS, CLOSE_WORDS, MEANING_WORDS, PART_WORDS, SHOWN_WORDS, VERDICT_WORDS } from './field-check-words'

type Check = NonNullable<FieldCheckView['check']>

/** A row for each axis, and for each close that was tried, under what a printed page has to say of itself. */
export function resultPage({ observed, subject, done }: Check, file: FieldCheckFile): HTMLElement {
  const axes = verdictsOf(observed)
  const all = [...axes.map(({ verdict }) => verdict), ...observed.closes.map((close) => closeVerdict(close).verdict)]
  const count = (verdict: FieldVerdict): string => formatNumber(all.filter((each) => each === verdict).length)
  const about = t('fieldAbout', subject.instance, file.day, file.extension, file.browser)
  return h(
    'div',
    { class: 'field-results', role: 'region', tabindex: 0, 'aria-labelledby': 'field-results-title' },
    h('h4', { id: 'field-results-title' }, t('fieldResults')),
    h('p', { class: 'printed' }, about),
    h('p', { class: 'printed' }, t('fieldPartsDone', done.map(titleOf).join(', '))),
    h('p', {}, t('fieldSummary', count('pass'), count('fail'), count('not_tried'))),
    h(
      'table',
      {},
      headOf('fieldColumnAxis', 'fieldColumnMeasured'),
      h('tbody', {}, ...axes.map(axisRow)),
      ...(observed.closes.length === 0
        ? []
        : [headOf('fieldColumnClose', 'fieldColumnLog'), h('tbody', {}, ...observed.closes.map(closeRow))]),
    ),
  )
}

const titleOf = (part: Part): string => t(PART_WORDS[part].title)

function headOf(what: 'fieldColumnAxis' | 'fieldColumnClose', value: MessageKey): HTMLElement {
  const cells = [what, value, 'fieldColumnVerdict', 'fieldColumnMeaning'] as const
  return h('tbody', {}, h('tr', {}, ...cells.map((key) => h('th', { scope: 'col' }, t(key)))))
}

function axisRow({ axis, value, verdict, meaning }: AxisVerdict): HTMLElement {
  return row(t(AXIS_WORDS[axis]), value === null ? null : h('code', {}, value), verdict, t(MEANING_WORDS[meaning]))
}

function closeRow(close: CloseRecord): HTMLElement {
  const { verdict, agrees } = closeVerdict(close)
  const shown = t(SHOWN_WORDS[close.shown ?? 'none'])
  const outcome = close.outcome === null ? null : h('span', {}, t(OUTCOMES[close.outcome].word))
  const more = isOtherWay(close) ? [t('fieldOtherWay')] : agrees ? [] : [t('fieldLogDiffers')]
  return row(t(CLOSE_WORDS[close.kind].title), outcome, verdict, [shown, ...more].join(' '))
}

function row(title: string, value: HTMLElement | null, verdict: FieldVerdict, meaning: string): HTMLElement {
  const { word, tone, glyph } = VERDICT_WORDS[verdict]
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, title),
    h('td', {}, value),
    h('td', {}, pill(tone, glyph, t(word))),
    h('td', {}, meaning),
  )
}

/** The file as it is saved. */
export function fileText(file: FieldCheckFile): string {
  return `${JSON.stringify(file, null, 1)}\n`
}

/** The whole file, folded. */
export function fileView(file: FieldCheckFile, isOpen: boolean): HTMLDetailsElement {
  return h(
    'details',
    { class: 'field-file', open: isOpen },
    h('summary', { 'data-focus': 'field-file' }, t('fieldFile')),
    h('pre', { tabindex: 0 }, fileText(file)),
  )
}
