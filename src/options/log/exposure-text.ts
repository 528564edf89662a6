import type { Exposure } from '../../domain/exposure'
import type { LogEntry } from '../../domain/log-entry'
import { formatDateTime, formatSpan, formatTimeRange } from '../../ui/format'
import { t } from '../../ui/i18n'

/** How long the agent was Available and unattended; null if they never were, and in entries of older versions. */
export function exposureText({ exposure }: LogEntry): string | null {
  return isThere(exposure) ? inWords(exposure) : null
}

/** The same for the entry's row: only how long; null if the agent was never unattended. */
export function exposureShort({ exposure }: LogEntry): string | null {
  if (!isThere(exposure)) return null
  const { from, until, certainty } = exposure
  if (until === null || certainty === 'open') return t('exposureGoesOn')
  // During a contact, or if it ended at once, no contact could have been routed to them.
  if (until <= from) return null
  const span = formatSpan(until - from)
  return certainty === 'exact' ? span : t('reportAtMost', span)
}

function inWords({ from, until, certainty }: Exposure): string {
  if (until === null || certainty === 'open') return t('exposureOpen', formatDateTime(from))
  const span = formatSpan(Math.max(0, until - from))
  return t(certainty === 'exact' ? 'exposureExact' : 'exposureAtMost', span, formatTimeRange(from, until))
}

/** Entries written before exposures existed have none, whatever their type says. */
function isThere(exposure: Exposure | null | undefined): exposure is Exposure {
  return exposure !== null && exposure !== undefined
}
