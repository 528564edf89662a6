import type { LogEntry } from '../../domain/log-entry'
import { t } from '../../ui/i18n'

/** The agent's name in a row. An unprotected page has no agent. */
export function whoOf({ agentName, username }: Pick<LogEntry, 'agentName' | 'username'>): string {
  return agentName || username || t('logNoAgent')
}
