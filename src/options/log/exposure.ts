import type { Exposure } from '../../domain/exposure'
import type { LogEntry } from '../../domain/log-entry'
import { formatDateTime, formatSpan, formatTimeRange } from '../../ui/format'
import { t } from '../../ui/i18n'

/** For how long the agent stood ready with nobody there; null where they never did, and in entries of older versions. */
export function exposureText({ exposure }: LogEntry): string | null {
  return isThere(exposure) ? inWords(exposure) : null
}

/** The same for the entry's row, with its name; null where "took" says it already. */
export function exposureNote({ exposure, tookMs }: LogEntry): string | null {
  if (!isThere(exposure)) return null
  const { from, until, certainty } = exposure
  if (certainty === 'exact' && until !== null && until - from === tookMs) return null
  return t('exposureNote', t('detailExposure'), inWords(exposure))
}

function inWords({ from, until, certainty }: Exposure): string {
  if (until === null || certainty === 'open') return t('exposureOpen', formatDateTime(from))
  const span = formatSpan(Math.max(0, until - from))
  return t(certainty === 'exact' ? 'exposureExact' : 'exposureAtMost', span, formatTimeRange(from, until))
}

/** Entries that were written before there was an exposure have none, whatever their type says. */
function isThere(exposure: Exposure | null | undefined): exposure is Exposure {
  return exposure !== null && exposure !== undefined
}
