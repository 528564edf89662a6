import { canarySecret } from './ingest'

/** How long each attempt waits for an answer, in ms. */
const TIMEOUT_MS = 2_000
/** Several attempts, so that a single lost request does not count as a gap. */
const TRIES = 3

/**
 * Sends the watchdog's own heartbeat, by the path that machines use.
 * @param secretHash the first of the secrets' hashes
 * @returns whether it was accepted. Never rejects.
 */
export async function sendCanary(url: string, secretHash: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${canarySecret(secretHash)}` }
  for (let tried = 0; tried < TRIES; tried += 1) {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const answer = await fetch(url, { method: 'POST', headers, body: '{}', signal })
      if (answer.ok) return true
    } catch {
      // The next attempt may succeed.
    }
  }
  return false
}
