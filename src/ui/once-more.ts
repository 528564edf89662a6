/**
 * Does something whenever it is asked for, never twice at a time: where it is asked for meanwhile, it is done once more
 * afterwards, however often that was.
 * @returns asks for it; resolves when it has been done since, and rejects where it fails.
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
