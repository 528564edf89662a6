/**
 * How the contexts of the extension hear of what one of them has stored: IndexedDB tells nobody. The signal goes through
 * `storage.session`, which content scripts cannot read, and says which key has changed, never to what.
 */
import { browser } from './browser'

const PREFIX = 'stored:'
let count = 0

/** Says that what is stored under these keys has changed. Never rejects: a listener that misses it reads the new values the next time. */
export async function signalStored(keys: readonly string[]): Promise<void> {
  count += 1
  const mark = `${Date.now()}.${count}`
  try {
    await browser.storage.session.set(Object.fromEntries(keys.map((key) => [PREFIX + key, mark])))
  } catch {
    // Pages show what they have read until they are opened again.
  }
}

/** The keys that a change of `area` says have changed; none where it says nothing of that. */
export function signalledKeys(changes: Readonly<Record<string, unknown>>, area: string): string[] {
  if (area !== 'session') return []
  return Object.keys(changes).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []))
}
