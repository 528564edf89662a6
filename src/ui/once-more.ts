/**
 * Runs something whenever it is requested, never twice at a time: after requests during a run, it runs once more.
 * @returns requests a run; resolves when one has been made since, and rejects where it fails.
 */
export function onceMore(run: () => Promise<void>): () => Promise<void> {
  let isWanted = false
  let running: Promise<void> | null = null
  const runAll = async () => {
    try {
      while (isWanted) {
        isWanted = false
        await run()
      }
    } finally {
      running = null
    }
  }
  return () => {
    isWanted = true
    running ??= runAll()
    return running
  }
}
