import type { LogEntry } from '../../domain/log-entry'
import type { PilotFigures, PilotReport } from '../../domain/pilot-report'
import { pilotReport } from '../../domain/pilot-report'
import { errorText } from '../../ui/ask'
import { h } from '../../ui/dom'
import { formatNumber } from '../../ui/format'
import type { MessageKey } from '../../ui/i18n'
import { t, tCount } from '../../ui/i18n'
import { failure } from '../../ui/parts'
import { CAUSES } from '../../ui/words'
import { reportPicture } from './picture'
import { dayOf, formatDay, formatDays, leadText, leftFor } from './words'

export interface ReportSection {
  /** Whether the section is the one that is shown: the log is read for no other. */
  show(isShown: boolean): void
  /** Reads the log anew. */
  refresh(): Promise<void>
}

/** What a pilot in mode observe has shown, kept at what the log says. */
export function reportSection(place: HTMLElement, readEntries: () => Promise<readonly LogEntry[]>): ReportSection {
  let isShown = false
  let asked = 0
  let drawn = ''

  async function refresh(): Promise<void> {
    if (!isShown) return
    const turn = ++asked
    try {
      const report = pilotReport(await readEntries(), dayOf)
      // Nothing is moved under whoever reads it, unless it says something else.
      const text = JSON.stringify(report)
      if (turn !== asked || text === drawn) return
      drawn = text
      place.replaceChildren(...reportView(report))
    } catch (error) {
      if (turn !== asked) return
      drawn = ''
      place.replaceChildren(failure(t('logUnreadable', errorText(error)), () => void refresh()))
    } finally {
      place.removeAttribute('aria-busy')
    }
  }
  return {
    show: (next) => {
      isShown = next
      if (next) void refresh()
    },
    refresh,
  }
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

/** What the figures do not say by themselves. */
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
  const head = [first, 'reportColCloses', 'reportColLeft', 'reportColFor', 'reportColEnded'] as const
  return h(
    'section',
    {},
    h('h3', { id }, title),
    h(
      'div',
      { class: 'frame card', tabindex: 0, role: 'region', 'aria-labelledby': id },
      h(
        'table',
        { class: 'figures', 'aria-labelledby': id },
        h('thead', {}, h('tr', {}, ...head.map((key) => h('th', { scope: 'col' }, t(key))))),
        h('tbody', {}, ...rows.map(([name, figures]) => row(name, figures))),
      ),
    ),
  )
}

function row(name: string, figures: PilotFigures): HTMLElement {
  const { closes, left, ended } = figures
  const cells = [formatNumber(closes), formatNumber(left), left === 0 ? '–' : leftFor(figures), formatNumber(ended)]
  return h('tr', {}, h('th', { scope: 'row' }, name), ...cells.map((cell) => h('td', {}, cell)))
}
