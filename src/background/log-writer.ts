import type { Amendment, LogEntry } from '../domain/log-entry'
import { browser } from '../platform/browser'
import { openLog } from '../storage/log-store'
import type { LogStore } from '../storage/log-store'
import { loadSettings } from '../storage/settings-store'

const DAY_MS = 24 * 60 * 60_000
/** Counts the changes of the log, for the pages that show it: IndexedDB tells nobody. */
const REVISION_KEY = 'logRevision'

async function tellPages(): Promise<void> {
  await browser.storage.local.set({ [REVISION_KEY]: Date.now() })
}

/**
 * Writes entries, and what became known of others later, and drops those that are older, or more, than the settings
 * keep. Throws where the store is full or broken.
 */
export async function writeLog(entries: readonly LogEntry[], amendments: readonly Amendment[]): Promise<void> {
  const log: LogStore = await openLog()
  for (const entry of entries) await log.put(entry)
  for (const amendment of amendments) await log.amend(amendment)
  await prune(log)
  await tellPages()
}

/**
 * Drops what is older, or more, than the settings keep: on a machine without closes nothing else would. Throws where the
 * store is broken.
 */
export async function pruneLog(): Promise<void> {
  if ((await prune(await openLog())) > 0) await tellPages()
}

async function prune(log: LogStore): Promise<number> {
  const { settings } = await loadSettings()
  return log.prune(Date.now() - settings.retentionDays * DAY_MS, settings.retentionEntries)
}

export async function clearLog(): Promise<void> {
  await (await openLog()).clear()
  await tellPages()
}
