import { locale } from '../../ui/i18n'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** How long something went on altogether: `47 hours`, `2.5 hours`, `12 minutes`. */
export function formatHours(ms: number): string {
  const say = (value: number, unit: string, digits: number) =>
    new Intl.NumberFormat(locale(), {
      style: 'unit',
      unit,
      unitDisplay: 'long',
      maximumFractionDigits: digits,
    }).format(value)
  if (ms === 0) return say(0, 'hour', 0)
  // Rounded up, so that a short time is not shown as none.
  if (ms < HOUR_MS) return say(Math.ceil(ms / MINUTE_MS), 'minute', 0)
  return say(ms / HOUR_MS, 'hour', ms < 10 * HOUR_MS ? 1 : 0)
}
