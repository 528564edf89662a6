import { locale } from './i18n'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const UNITS = [
  { name: 'day', size: DAY },
  { name: 'hour', size: HOUR },
  { name: 'minute', size: MINUTE },
  { name: 'second', size: SECOND },
]

/** Formatters by their options: making one takes a hundred times as long as using it. */
const formatters = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>()

function formatter<T extends Intl.DateTimeFormat | Intl.NumberFormat, O>(
  Kind: new (locale: string, options: O) => T,
  options: O,
): T {
  const key = `${Kind.name} ${locale()} ${JSON.stringify(options)}`
  const known = formatters.get(key)
  if (known instanceof Kind) return known
  const made = new Kind(locale(), options)
  formatters.set(key, made)
  return made
}

const dates = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => formatter(Intl.DateTimeFormat, options)
const numbers = (options: Intl.NumberFormatOptions): Intl.NumberFormat => formatter(Intl.NumberFormat, options)

export function formatNumber(value: number): string {
  return numbers({}).format(value)
}

/** Date and time to the second: log entries are compared with other systems' logs. */
export function formatDateTime(at: number): string {
  return dates({ dateStyle: 'medium', timeStyle: 'medium' }).format(at)
}

/** The time of day, with the date if it is not today. */
export function formatTime(at: number, now: number): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString()
  return dates(today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(at)
}

/** The time of day to the millisecond, for the steps of a timeline, with the date if it is not that of `day`. */
export function formatClock(at: number, day: number): string {
  const isSameDay = new Date(at).toDateString() === new Date(day).toDateString()
  return dates({
    ...(isSameDay ? {} : { day: 'numeric', month: 'short' }),
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(at)
}

/** A number with its unit, and a space between them where the unit is in Latin letters: `240 ms`, `2.1 s`, `3 min`. */
function withUnit(value: number, unit: string, digits: number): string {
  // Not for longer units: their narrow forms m and h are ambiguous.
  const unitDisplay = unit === 'millisecond' || unit === 'second' ? 'narrow' : 'short'
  const parts = numbers({ style: 'unit', unit, unitDisplay, maximumFractionDigits: digits }).formatToParts(value)
  const isSpaced = parts.some(({ type, value: text }) => type === 'literal' && text.trim() === '')
  return parts
    .map(({ type, value: text }) => (type === 'unit' && !isSpaced && /^[a-z]/i.test(text) ? `\u00a0${text}` : text))
    .join('')
}

/** How long something took, in the unit that fits: `240 ms`, `1.2 s`, `3 min`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return withUnit(ms, 'millisecond', 0)
  if (ms < MINUTE) return withUnit(ms / SECOND, 'second', 1)
  if (ms < HOUR) return withUnit(ms / MINUTE, 'minute', 1)
  return withUnit(ms / HOUR, 'hour', 1)
}

/** How long something went on, in its two largest units: `14 hr 55 min`, `2.2 s`, `240 ms`. */
export function formatSpan(ms: number): string {
  if (ms < MINUTE - SECOND / 2) return formatDuration(ms)
  const unit = (value: number, name: string) => withUnit(value, name, 0)
  // Rounded first, so that the remainder never amounts to a whole unit.
  const whole = ms < HOUR ? Math.round(ms / SECOND) * SECOND : Math.round(ms / MINUTE) * MINUTE
  const largest = UNITS.findIndex(({ size }) => whole >= size)
  let left = whole
  const parts = UNITS.slice(largest, largest + 2).map(({ name, size }) => {
    const value = Math.floor(left / size)
    left -= value * size
    return { name, value }
  })
  const said = parts.filter(({ value }) => value > 0).map(({ name, value }) => unit(value, name))
  // Not by Intl.DurationFormat: the oldest supported browsers do not have it.
  return new Intl.ListFormat(locale(), { type: 'unit', style: 'narrow' }).format(said)
}

/** A range of times of day, with seconds if it is shorter than a minute, and with dates if they differ. */
export function formatTimeRange(from: number, until: number): string {
  const isSameDay = new Date(from).toDateString() === new Date(until).toDateString()
  const seconds = until - from < MINUTE ? ({ second: '2-digit' } as const) : {}
  return dates(
    isSameDay ? { hour: 'numeric', minute: '2-digit', ...seconds } : { dateStyle: 'medium', timeStyle: 'short' },
  ).formatRange(from, until)
}

/** A moment of a timeline, relative to the close: `+240 ms`, `0 ms`, `−3 min`. */
export function formatOffset(ms: number): string {
  const sign = ms < 0 ? '−' : ms > 0 ? '+' : ''
  return `${sign}${formatDuration(Math.abs(ms))}`
}

/** How long ago it was, in words. A clock that was set back makes it now, never the future. */
export function formatAgo(at: number, now: number): string {
  const ago = Math.max(0, now - at)
  const relative = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' })
  if (ago < MINUTE) return relative.format(-Math.floor(ago / SECOND), 'second')
  if (ago < HOUR) return relative.format(-Math.floor(ago / MINUTE), 'minute')
  if (ago < DAY) return relative.format(-Math.floor(ago / HOUR), 'hour')
  return relative.format(-Math.floor(ago / DAY), 'day')
}
