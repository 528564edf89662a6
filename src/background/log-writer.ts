import { hasPassed } from '../domain/clock'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { signalStored } from '../platform/stored-signal'
import { checkLogStore, openLog } from '../storage/log-store'
import type { LogStore } from '../storage/log-store'
import { ownStore } from '../storage/own-store'
import { putAside } from '../storage/put-aside'
import { loadSettings } from '../storage/settings-store'

const DAY_MS = 24 * 60 * 60_000
/** The key, in the extension's own store, of when the log was last pruned, in ms since the epoch. Pruning takes long. */
const PRUNED_KEY = 'logPruned'

/** Only a fault, or a page that floods the extension, writes so many entries in a day: the log is then pruned before tomorrow. */
const PRUNE_AFTER = 1_000
/** How many entries this worker has written since. */
let unpruned = 0

/** For the pages that show the log. */
const notifyPages = (): Promise<void> => signalStored(['log'])

/**
 * Writes entries, and amendments of others. Once a day, drops entries that are older, or more, than the settings retain. Throws
 * where the store is full or broken.
 */
export async function writeLog(
  entries: readonly LogEntry[],
  amendments: readonly Amendment[],
  onDamage: () => void = () => undefined,
): Promise<void> {
  const log: LogStore = await openLog()
  const failed: unknown[] = []
  const attempt = async (item: unknown, write: () => Promise<void>): Promise<void> => {
    try {
      await write()
    } catch {
      failed.push(item)
    }
  }
  const labelled = await labeller(entries)
  for (const entry of entries) await attempt(entry, () => log.put(labelled(entry)))
  for (const amendment of amendments) await attempt(amendment, () => log.amend(amendment))
  if (failed.length > 0) {
    // Where nothing can be written, the entry is not at fault.
    await checkLogStore()
    await putAside(failed)
    onDamage()
  }
  unpruned += entries.length
  await (unpruned < PRUNE_AFTER ? pruneDaily() : pruneLog())
  await notifyPages()
}

/** Gives entries the label of this machine from the settings, if any. Without entries the settings are not read. */
async function labeller(entries: readonly LogEntry[]): Promise<(entry: LogEntry) => LogEntry> {
  const label = entries.length === 0 ? '' : (await loadSettings()).settings.otlpResource.join(', ')
  return (entry) => (label === '' ? entry : { ...entry, label })
}

/**
 * Drops entries that are older, or more, than the settings retain, unless that was done within a day. Throws as `pruneLog` does.
 */
export async function pruneDaily(): Promise<void> {
  const { [PRUNED_KEY]: last } = await ownStore.get(PRUNED_KEY)
  if (typeof last !== 'number' || hasPassed(last, DAY_MS, Date.now())) await pruneLog()
}

/** Drops entries that are older, or more, than the settings retain. Throws where the store is broken. */
export async function pruneLog(): Promise<void> {
  const { settings } = await loadSettings()
  const now = Date.now()
  const log = await openLog()
  const gone = await log.prune(now - settings.retentionDays * DAY_MS, settings.retentionEntries)
  unpruned = 0
  await ownStore.set({ [PRUNED_KEY]: now })
  if (gone > 0) await notifyPages()
}

export async function clearLog(): Promise<void> {
  await (await openLog()).clear()
  await notifyPages()
}
