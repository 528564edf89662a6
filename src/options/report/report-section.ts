import type { PilotFigures, PilotReport } from '../../domain/pilot-report'
import { pilotReport } from '../../domain/pilot-report'
import type { Calendar, RunningResult } from '../../domain/running-result'
import { runningResult } from '../../domain/running-result'
import type { LogStore } from '../../storage/log-store'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t, tCount } from '../../ui/i18n'
import { onceMore } from '../../ui/once-more'
import { failure } from '../../ui/parts'
import { redrawer } from '../../ui/redraw'
import type { SaveFile } from '../../ui/save-file'
import { CAUSES } from '../../ui/words'
import { figuresTable } from './figures-table'
import { reportPicture } from './picture'
import { readMonth, readMonths, readPilot } from './read'
import type { ResultActions } from './result'
import { resultView } from './result'
import { resultCsv } from './result-csv'
import { dayOf, formatDay, formatDays, leadText, leftFor, monthOf, weekOf } from './report-words'

export interface ReportSection {
  /** Takes whether the section is shown: the log is read only while it is. */
  show(isShown: boolean): void
  /** Reads the log again. */
  refresh(): Promise<void>
}

const CALENDAR: Calendar = { monthOf, weekOf }
/** The id of the heading above what a pilot has shown. */
const PILOT_TITLE = 'report-pilot'

/**
 * The results of closes by month, and of a pilot in mode `observe`, kept up to date with the log: a month is read at a time, and
 * the time of the pilot.
 * @param now in ms since the epoch.
 */
export function reportSection(
  place: HTMLElement,
  openLog: () => Promise<Pick<LogStore, 'page'>>,
  saveFile: SaveFile,
  now: () => number = Date.now,
): ReportSection {
  let isShown = false
  let drawn = ''
  let chosen: string | null = null
  const redraw = redrawer(place, () => place.querySelector<HTMLElement>('select'))

  async function read(): Promise<void> {
    if (!isShown) return
    try {
      const log = await openLog()
      const months = await readMonths(log)
      const month = months.find((each) => each === chosen) ?? months[0]
      const result = month === undefined ? null : runningResult(await readMonth(log, month), month, CALENDAR)
      draw(months, month, result, pilotReport(await readPilot(log), dayOf))
    } catch (error) {
      drawn = ''
      place.replaceChildren(failure(t('logUnreadable', errorText(error)), () => void refresh()))
    } finally {
      place.removeAttribute('aria-busy')
    }
  }
  const refresh = onceMore(read)
  function draw(
    months: readonly string[],
    month: string | undefined,
    result: RunningResult | null,
    report: PilotReport,
  ): void {
    // Redraw only what has changed: people read here.
    const text = JSON.stringify([report, months, month, result])
    if (text === drawn) return
    drawn = text
    const choice = { months, thisMonth: monthOf(now()) }
    redraw(() =>
      place.replaceChildren(
        ...(month === undefined || result === null
          ? []
          : resultView(result, { ...choice, month }, actionsOf(month, result))),
        ...(result !== null && report.span === null ? [] : pilotView(report, result !== null)),
      ),
    )
  }
  const actionsOf = (month: string, result: RunningResult): ResultActions => ({
    choose: (next) => {
      chosen = next
      void refresh()
    },
    saveCsv: () => {
      const name = `signoff-result-${month}.csv`
      saveFile(name, new Blob([resultCsv(month, result)], { type: 'text/csv;charset=utf-8' }))
    },
    print: () => print(),
  })
  return {
    show: (next) => {
      isShown = next
      if (next) void refresh()
    },
    refresh,
  }
}

/** The results of a pilot, under a heading of their own if results of `act` stand above them. */
function pilotView(report: PilotReport, isSecond: boolean): HTMLElement[] {
  if (!isSecond && report.span === null) return reportView(report)
  const intro = h('p', { class: 'muted' }, t('reportPilotIntro'))
  return [h('h3', { id: PILOT_TITLE, class: 'pilot' }, t('reportPilotTitle')), intro, ...reportView(report)]
}

export function reportView(report: PilotReport): HTMLElement[] {
  const { total, span, days, causes } = report
  if (span === null) return [emptyCard()]
  const withCloses = days.filter(({ closes }) => closes > 0).reverse()
  return [
    h('p', { class: 'lead' }, leadText(total)),
    h('p', { class: 'muted' }, formatDays(dayOf(span.from), dayOf(span.until))),
    reportPicture(report),
    h('p', { class: 'notes muted' }, notes(total).join(' ')),
    table(
      'report-causes',
      t('reportByCause'),
      'colCause',
      causes.map(({ cause, ...row }) => [t(CAUSES[cause]), row]),
    ),
    table(
      'report-days',
      t('reportByDay'),
      'reportDay',
      withCloses.map(({ day, ...row }) => [formatDay(day), row]),
    ),
  ]
}

/** Notes that explain the figures. */
function notes({ open, isBound }: PilotFigures): string[] {
  return [
    t('reportSpanEnd'),
    ...(isBound ? [t('reportBoundNote')] : []),
    ...(open === 0 ? [] : [tCount('reportOpenNote', open, formatNumber(open))]),
  ]
}

function emptyCard(): HTMLElement {
  return h(
    'div',
    { class: 'empty card' },
    h('h3', {}, t('reportEmptyTitle')),
    h('p', { class: 'muted' }, t('reportEmptyText')),
    h('p', {}, h('a', { href: '#settings' }, t('navSettings'))),
  )
}

function table(
  id: string,
  title: string,
  first: MessageKey,
  rows: readonly (readonly [name: string, figures: PilotFigures])[],
): HTMLElement {
  return figuresTable({
    id,
    title,
    // The month's result has a region with the same title.
    labelledBy: `${PILOT_TITLE} ${id}`,
    head: [first, 'reportColCloses', 'reportColLeft', 'reportColFor', 'reportColEnded'],
    rows: rows.map(([name, figures]) => [name, cellsOf(figures)]),
  })
}

function cellsOf(figures: PilotFigures): readonly string[] {
  const { closes, left, ended } = figures
  return [formatNumber(closes), formatNumber(left), left === 0 ? '–' : leftFor(figures), formatNumber(ended)]
}
