import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory for a browser's profile: the given one, or a new one that is removed when no longer needed. */
export async function profileAt(given: string | undefined): Promise<{ dir: string; remove: () => Promise<void> }> {
  if (given !== undefined) return { dir: given, remove: () => Promise.resolve() }
  const dir = await mkdtemp(join(tmpdir(), 'browser-profile-'))
  // A browser's helper processes may keep writing for a moment after the main one has ended.
  return { dir, remove: () => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }) }
}
