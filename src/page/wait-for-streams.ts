import { guardSetUp } from './guard'
import { natives } from './natives'
import type { InsecureStreams } from './streams'
import { readyStreams } from './streams'

const POLL_MS = 100
const SLOW_POLL_MS = 1_000
/** After this long the page is looked at less often: a sign-in may come first. */
const PATIENCE_MS = 30_000

/**
 * Waits for the page's own Streams to be there and initialised. That moment can only be found by polling: `connect` appears long
 * before its event bus is the final one.
 * @param kept the `connect` object that the page has started with, which need not be its global any more; or nothing.
 */
export function waitForStreams(
  onReady: (streams: InsecureStreams) => void,
  isWanted: () => boolean,
  kept: () => unknown = () => undefined,
): void {
  const startedAt = natives.now()
  const look = guardSetUp(() => {
    if (!isWanted()) return
    let streams: InsecureStreams | null = null
    try {
      streams = readyStreams(window) ?? readyStreams({ connect: kept() })
    } catch {
      // A page whose getters throw is a page without Streams.
    }
    if (streams !== null) onReady(streams)
    else natives.setTimeout(look, natives.now() - startedAt < PATIENCE_MS ? POLL_MS : SLOW_POLL_MS)
  })
  look()
}
