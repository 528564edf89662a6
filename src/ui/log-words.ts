/** The sentences of a log entry, with the state that its close was to set. */
import type { Would } from '../domain/decide-close'
import type { LogEntry, TimelineEvent } from '../domain/log-entry'
import type { MessageKey } from './i18n'
import { t } from './i18n'
import { evidenceWord, REASONS, targetName, TIMELINE_EVENTS } from './words'

export const WOULDS: Readonly<Record<Would, MessageKey>> = {
  set_offline: 'wouldSetOffline',
  reload: 'wouldReload',
  other_ccp: 'wouldOtherCcp',
  contact_first: 'wouldContactFirst',
  no_offline_state: 'wouldNoOfflineState',
  not_configured: 'wouldNotConfigured',
}

/** Why it ended so, and in mode observe what would have been done; null where the outcome says all. */
export function reasonText({ reason, would, target }: Pick<LogEntry, 'reason' | 'would' | 'target'>): string | null {
  if (would !== undefined) return t(WOULDS[would], targetName(target))
  return reason === null ? null : t(REASONS[reason])
}

export function evidenceText(entry: Pick<LogEntry, 'evidence' | 'outcome' | 'would' | 'target'>): string {
  if (entry.would !== undefined) return t('evidenceNothingChanged')
  return t(evidenceWord(entry), targetName(entry.target))
}

export function stepText(event: TimelineEvent, { target }: Pick<LogEntry, 'target'>): string {
  return t(TIMELINE_EVENTS[event], targetName(target))
}
