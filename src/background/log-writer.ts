import { hasPassed } from '../domain/clock'
import type { Amendment, LogEntry } from '../domain/log-entry'
import { signalStored } from '../platform/stored-signal'
import { checkLogStore, openLog } from '../storage/log-store'
import type { LogStore } from '../storage/log-store'
import { ownStore } from '../storage/own-store'
import { putAside } from '../storage/put-aside'
import { loadSettings } from '../storage/settings-store'

const DAY_MS = 24 * 60 * 60_000
/** In the own store: when entries that are too old or too many were last looked for, in ms since the epoch. It takes long. */
const PRUNED_KEY = 'logPruned'

/** So many entries are written in a day by a fault, or by a page that floods us: the log does not grow on until tomorrow. */
const PRUNE_AFTER = 1_000
/** How many this worker has written since. */
let unpruned = 0

/** For the pages that show the log. */
const notifyPages = (): Promise<void> => signalStored(['log'])

/**
 * Writes entries, and what became known of others later. Drops once a day those that are older, or more, than the settings
 * keep. Throws where the store is full or broken.
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
    // Where nothing can be written, the fault is not theirs.
    await checkLogStore()
    await putAside(failed)
    onDamage()
  }
  unpruned += entries.length
  await (unpruned < PRUNE_AFTER ? pruneDaily() : pruneLog())
  await notifyPages()
}

/** Gives entries the label that the settings give to this machine, if any. Without entries the settings are not read. */
async function labeller(entries: readonly LogEntry[]): Promise<(entry: LogEntry) => LogEntry> {
  const label = entries.length === 0 ? '' : (await loadSettings()).settings.otlpResource.join(', ')
  return (entry) => (label === '' ? entry : { ...entry, label })
}

/** Drops what is older, or more, than the settings keep, where that was not done within a day. Throws as `pruneLog` does. */
export async function pruneDaily(): Promise<void> {
  const { [PRUNED_KEY]: last } = await ownStore.get(PRUNED_KEY)
  if (typeof last !== 'number' || hasPassed(last, DAY_MS, Date.now())) await pruneLog()
}

/** Drops what is older, or more, than the settings keep. Throws where the store is broken. */
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
