/** The sentences of the pilot report. */
import type { PilotFigures } from '../../domain/pilot-report'
import { formatNumber } from '../../ui/format'
import { locale, t, tCount } from '../../ui/i18n'
import { formatHours } from './hours'

/** The whole pilot in a sentence. */
export function leadText(total: PilotFigures): string {
  const { closes, left, ended } = total
  return t(
    'reportLead',
    tCount('reportCloses', closes, formatNumber(closes)),
    t('reportLeft', formatNumber(left)),
    leftFor(total),
    formatNumber(ended),
  )
}

/** How long agents were left Available: exact, at most, or not known. */
export function leftFor({ left, leftMs, open, isBound }: PilotFigures): string {
  if (left > 0 && open === left) return t('reportOpen')
  return isBound ? t('reportAtMost', formatHours(leftMs)) : formatHours(leftMs)
}

/** The local day of a time: `2026-11-22`. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Noon of a day: on that day even when clocks are changed at night. */
function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00`)
}

export function formatDay(day: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).format(noonOf(day))
}

/** As short as it fits under a bar: `22 Nov`. */
export function formatShortDay(day: string): string {
  return new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(noonOf(day))
}

export function formatDays(first: string, last: string): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' }).formatRange(noonOf(first), noonOf(last))
}

/** The local month of a time: `2026-11`. */
export function monthOf(at: number): string {
  return dayOf(at).slice(0, 7)
}

/** From the first moment of a local month to its last, in ms since the epoch. */
export function spanOfMonth(month: string): { readonly from: number; readonly to: number } {
  const first = new Date(`${month}-01T00:00:00`)
  const from = first.getTime()
  return { from, to: first.setMonth(first.getMonth() + 1) - 1 }
}

/** The local Monday of a time's week: `2026-11-23`. */
export function weekOf(at: number): string {
  const date = noonOf(dayOf(at))
  date.setDate(date.getDate() - ((date.getDay() + 6) % 7))
  return dayOf(date.getTime())
}

export function formatMonth(month: string): string {
  return new Intl.DateTimeFormat(locale(), { month: 'long', year: 'numeric' }).format(noonOf(`${month}-01`))
}
