/**
 * Replaces the log by one with `count` entries, like those of agents on a shared machine in some months, in the first
 * version's database format. Runs in a page of the extension.
 */
export async function fillLog(count: number): Promise<void> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
    })
  // The extension has made a database of its present version. Both requests are sent at once, so that it cannot make
  // another one in between.
  indexedDB.deleteDatabase('ccp-signoff-log')
  const opening = indexedDB.open('ccp-signoff-log', 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('entries', { keyPath: 'id' }).createIndex('at', 'at')
  }
  const database = await answer(opening)
  const outcomes = ['confirmed', 'confirmed', 'confirmed', 'not_needed', 'unconfirmed', 'failed']
  const causes = ['tab_closed', 'window_closed', 'navigated_away', 'logged_out', 'browser_ended']
  const now = Date.now()
  for (let from = 0; from < count; from += 1_000) {
    const transaction = database.transaction('entries', 'readwrite')
    const store = transaction.objectStore('entries')
    for (let n = from; n < Math.min(count, from + 1_000); n += 1) {
      // A minute apart, so that the oldest of 100,000 entries is still within the log's retention.
      const at = now - n * 60_000
      // One entry in a thousand has this outcome: rare outcomes take longest to find without an index.
      const outcome = n % 1_000 === 997 ? 'left_available' : outcomes[n % outcomes.length]
      const isKnown = outcome === 'confirmed'
      store.put({
        id: crypto.randomUUID(),
        at,
        instance: n % 9 === 0 ? 'other-centre.my.connect.aws' : 'acme-contact-centre.my.connect.aws',
        username: `agent.${n % 230}`,
        agentName: `Agent ${n % 230} Surname`,
        surface: 'ccp-v2',
        framed: n % 4 === 0,
        stateBefore: {
          name: 'Available',
          type: 'routable',
          arn: `arn:aws:connect:eu-west-2:123456789012:instance/11111111-2222-3333-4444-555555555555/agent-state/${n % 7}`,
          startTimestamp: at - 600_000,
        },
        outcome,
        evidence: isKnown ? 'call_answered' : 'none',
        reason: outcome === 'not_needed' ? 'not_routable' : outcome === 'unconfirmed' ? 'no_answer' : null,
        target: 'Offline',
        error: outcome === 'failed' ? { type: 'InvalidStateException', message: 'The state is not valid.' } : null,
        cause: causes[n % causes.length],
        event: 'beforeunload',
        tookMs: isKnown ? (n * 37) % 4_000 : null,
        exposure: isKnown ? { from: at, until: at + ((n * 37) % 4_000), certainty: 'exact' } : null,
        streamsVersion: '2.28.2',
        extensionVersion: '1.0.0',
        timeline: [
          { at: at - 3_600_000, event: 'opened' },
          { at, event: 'closing', detail: 'attempted, keepalive' },
          { at: at + 12, event: 'gone', detail: 'pagehide' },
          { at: at + 30, event: 'tab_removed' },
          { at: at + 240, event: isKnown ? 'call_succeeded' : 'not_verified', detail: 'no_answer' },
          { at: at + 2_000, event: 'verified_offline' },
        ],
      })
    }
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB'))
    })
  }
  database.close()
}
