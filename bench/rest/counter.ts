/** Runs in a page of the extension, and counts how often the background writes to storage. */
declare const chrome: {
  storage: { onChanged: { addListener(listener: (changes: object, area: string) => void): void } }
}

interface Counts {
  readonly writes: number
}

/** Starts counting from 0. */
export function startCounter(): null {
  const page = globalThis as { counts?: { writes: number } }
  const counts = { writes: 0 }
  page.counts = counts
  chrome.storage.onChanged.addListener((changes, area) => {
    // The mailbox (`local`), and the signal of a write to the extension's own store.
    const isStored = area === 'session' && Object.keys(changes).some((key) => key.startsWith('stored:'))
    if (area === 'local' || isStored) counts.writes += 1
  })
  return null
}

/** The counts since `startCounter`. */
export function takeCounts(): Counts {
  return (globalThis as { counts?: Counts }).counts ?? { writes: 0 }
}
