/**
 * How the contexts of the extension learn what one of them has stored: IndexedDB has no events. The signal goes through
 * `storage.session`, which content scripts cannot read, and names the changed keys, never the values.
 */
import { browser } from './browser'

const PREFIX = 'stored:'
let count = 0

/**
 * Signals that the values under these keys have changed. Never rejects: a listener that misses it reads the new values the next
 * time.
 */
export async function signalStored(keys: readonly string[]): Promise<void> {
  count += 1
  const mark = `${Date.now()}.${count}`
  try {
    await browser.storage.session.set(Object.fromEntries(keys.map((key) => [PREFIX + key, mark])))
  } catch {
    // Pages show what they have read until they are opened again.
  }
}

/** The changed keys in a signal; none where a change of `area` is no signal. */
export function signalledKeys(changes: Readonly<Record<string, unknown>>, area: string): string[] {
  if (area !== 'session') return []
  return Object.keys(changes).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []))
}
