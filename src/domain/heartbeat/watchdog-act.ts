/** What the watchdog did about an agent, and the log entry to which it belongs. */
import { agentKey } from '../agent'
import type { AgentKey } from '../agent'
import type { Amendment, LogEntry } from '../log-entry'
import type { WatchdogAct } from './heartbeat-status'

/** The times of an act are known to within the time that its answer took to arrive, in ms. */
const CLOCK_MS = 5_000

/**
 * The entry of the close after which the watchdog acted; null where the log has none, or none yet: the next start writes it.
 * @param newest the newest entries, newest first.
 */
export function entryOf(key: AgentKey, act: WatchdogAct, newest: readonly LogEntry[]): LogEntry | null {
  return newest.find((entry) => agentKey(entry.instance, entry) === key && isAbout(entry, act)) ?? null
}

/** Whether the close had begun when the watchdog acted, and its outcome was not known yet. */
function isAbout({ at, cause, exposure, tookMs }: LogEntry, act: WatchdogAct): boolean {
  if (cause === 'none') return false
  const knownAt = exposure === null ? at + (tookMs ?? 0) : (exposure.until ?? Infinity)
  return at <= act.at + CLOCK_MS && Math.max(knownAt, at + (tookMs ?? 0)) >= act.at - CLOCK_MS
}

/** The amendment of the entry: who has set the state and, once Connect has shown it, how long the exposure lasted. */
export function amendmentBy(act: WatchdogAct, { id, at, exposure }: LogEntry): Amendment {
  const isShorter = exposure !== null && (exposure.until ?? Infinity) > act.at && act.at > at
  return {
    id,
    exposure: act.isConfirmed && isShorter ? { from: exposure.from, until: act.at, certainty: 'at_most' } : null,
    step: { at: act.at, event: act.isConfirmed ? 'set_by_watchdog' : 'asked_by_watchdog', detail: act.reason },
  }
}
