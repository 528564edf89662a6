import type { LogEntry } from '../../domain/log-entry'
import { t } from '../../ui/i18n'

/** The agent as a row names them. A page that is not protected has none. */
export function whoOf({ agentName, username }: Pick<LogEntry, 'agentName' | 'username'>): string {
  return agentName || username || t('logNoAgent')
}
