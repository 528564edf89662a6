/** What runs in a page of the extension, and counts what the background stores. */
declare const chrome: {
  storage: { onChanged: { addListener(listener: (changes: object, area: string) => void): void } }
}

interface Counts {
  readonly writes: number
}

/** Begins to count. */
export function startCounter(): null {
  const page = globalThis as { counts?: { writes: number } }
  const counts = { writes: 0 }
  page.counts = counts
  chrome.storage.onChanged.addListener((changes, area) => {
    // Mail, and the signal of a write to the own store.
    const isStored = area === 'session' && Object.keys(changes).some((key) => key.startsWith('stored:'))
    if (area === 'local' || isStored) counts.writes += 1
  })
  return null
}

/** What was counted. */
export function takeCounts(): Counts {
  return (globalThis as { counts?: Counts }).counts ?? { writes: 0 }
}
