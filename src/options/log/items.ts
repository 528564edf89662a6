import { agentKey } from '../../domain/agent'
import type { LogEntry } from '../../domain/log-entry'
import { entryText } from './row'
import { whoOf } from './who'

/** An entry with what filters and sorting ask of it, made once. */
export interface LogItem {
  readonly entry: LogEntry
  /** What the free text of the filter looks through, in lower case. */
  readonly text: string
  /** Who it is, across the hosts of an instance; null for a page whose agent was never seen. */
  readonly agent: string | null
  /** The agent as they are shown. */
  readonly who: string
}

export function itemOf(entry: LogEntry): LogItem {
  const isSeen = entry.username !== '' || entry.agentName !== ''
  return {
    entry,
    text: entryText(entry),
    agent: isSeen ? agentKey(entry.instance, entry) : null,
    who: whoOf(entry),
  }
}
