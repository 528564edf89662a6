import type { ResultFigures, ResultGroup, ResultRow, RunningResult } from '../../domain/running-result'
import { RESULT_GROUPS } from '../../domain/running-result'
import type { Cause } from '../../domain/log-entry'
import { h } from '../../ui/dom'
import { formatDuration, formatNumber } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t, tCount } from '../../ui/i18n'
import { CAUSES } from '../../ui/words'
import { figuresTable } from './figures-table'
import { formatHours } from './hours'
import { formatDay, formatMonth } from './report-words'

const TITLES: Readonly<Record<ResultGroup, { title: MessageKey; first: MessageKey }>> = {
  week: { title: 'resultByWeek', first: 'resultWeek' },
  cause: { title: 'reportByCause', first: 'colCause' },
  profile: { title: 'resultByProfile', first: 'detailProfile' },
  label: { title: 'resultByLabel', first: 'detailLabel' },
  agent: { title: 'resultByAgent', first: 'colAgent' },
}

export interface ResultChoice {
  /** The months that have a result, the latest first. */
  readonly months: readonly string[]
  readonly month: string
  /** The month of today. */
  readonly thisMonth: string
}

export interface ResultActions {
  readonly choose: (month: string) => void
  readonly saveCsv: () => void
  readonly print: () => void
}

/** A month in a sentence and in tables; one without rows is left out. */
export function resultView(result: RunningResult, choice: ResultChoice, actions: ResultActions): HTMLElement[] {
  const { total, groups } = result
  return [
    h('div', { class: 'result-tools' }, monthSelect(choice, actions), buttons(actions)),
    h('p', { class: 'lead' }, resultLead(total, monthName(choice.month, choice))),
    ...notes(total),
    ...RESULT_GROUPS.filter((group) => groups[group].length > 0).map((group) => table(group, groups[group])),
  ]
}

/** `This month: 261 closes, 257 set Offline, 4 left Available for at most 12 minutes in all; 2.1 s at the median.` */
export function resultLead(total: ResultFigures, month: string): string {
  const { closes, setOffline, medianMs } = total
  const facts = [
    month,
    tCount('reportCloses', closes, formatNumber(closes)),
    t('resultSet', formatNumber(setOffline)),
    leftText(total),
  ]
  return medianMs === null ? t('resultLead', ...facts) : t('resultLeadMedian', ...facts, formatDuration(medianMs))
}

function leftText({ left, leftMs, open }: ResultFigures): string {
  if (left === 0) return t('resultLeftNone')
  const count = formatNumber(left)
  return open === left ? t('resultLeftOpen', count) : t('resultLeft', count, formatHours(leftMs))
}

function notes({ closes, setOffline, left, open }: ResultFigures): HTMLElement[] {
  const back = closes - setOffline - left
  const said = [
    ...(back === 0 ? [] : [t('resultBack', formatNumber(back))]),
    ...(open === 0 || open === left ? [] : [tCount('reportOpenNote', open, formatNumber(open))]),
    t('leftScope'),
  ]
  return [h('p', { class: 'notes muted' }, said.join(' '))]
}

function monthSelect({ months, month, thisMonth }: ResultChoice, { choose }: ResultActions): HTMLElement {
  const options = months.map((each) =>
    h('option', { value: each, selected: each === month }, monthName(each, { thisMonth })),
  )
  const select = h(
    'select',
    { id: 'result-month', 'data-focus': 'month', onchange: () => choose(select.value) },
    ...options,
  )
  return h('label', { class: 'tool' }, h('span', {}, t('resultMonth')), select)
}

function buttons({ saveCsv, print }: ResultActions): HTMLElement {
  return h(
    'div',
    { class: 'buttons' },
    h('button', { type: 'button', 'data-focus': 'csv', onclick: saveCsv }, t('logExportCsv')),
    h('button', { type: 'button', 'data-focus': 'print', onclick: print }, t('resultPrint')),
  )
}

function monthName(month: string, { thisMonth }: Pick<ResultChoice, 'thisMonth'>): string {
  return month === thisMonth ? t('resultThisMonth') : formatMonth(month)
}

function table(group: ResultGroup, rows: readonly ResultRow[]): HTMLElement {
  const { title, first } = TITLES[group]
  return figuresTable({
    id: `result-${group}`,
    title: t(title),
    head: [first, 'reportColCloses', 'resultColSet', 'reportColLeft', 'reportColFor', 'resultColMedian'],
    rows: rows.map((row) => [nameOf(group, row.name), cellsOf(row)]),
  })
}

function nameOf(group: ResultGroup, name: string): string {
  if (name === '') return t('causeUnknown')
  switch (group) {
    case 'week':
      return formatDay(name)
    case 'cause':
      // In this group, every name is a cause.
      return t(CAUSES[name as Cause])
    case 'profile':
    case 'label':
    case 'agent':
      return name
  }
}

function cellsOf({ closes, setOffline, left, leftMs, open, medianMs }: ResultFigures): readonly string[] {
  return [
    formatNumber(closes),
    formatNumber(setOffline),
    formatNumber(left),
    left === 0 ? '–' : open === left ? t('reportOpen') : t('reportAtMost', formatHours(leftMs)),
    medianMs === null ? '–' : formatDuration(medianMs),
  ]
}
