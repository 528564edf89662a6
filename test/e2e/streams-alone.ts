import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName } from '../browser'
import type { Stage } from './stage'

/**
 * What is so after the close of a CCP whose bridge came late and has no token, while nobody else has its page's cookies:
 * what Streams sends is all that there is. Firefox may end the worker of Streams before that has left (seen once in some
 * hundred closes, and once in CI): then the agent is flagged, and nothing is called a success.
 * @param after the journal's mark from before the close.
 */
export async function expectByStreamsAlone(
  stage: Stage,
  name: BrowserName,
  { username, alias }: { readonly username: string; readonly alias: string },
  entry: LogEntry,
  after: number,
): Promise<void> {
  expectCloseReport(name, entry)
  const isOffline = stage.instance.agent(username, alias).state().type === 'offline'
  if (name === 'chromium') expect(isOffline).toBe(true)
  const offlines = stage.instance.journal.states.filter(
    ({ seq, agent, to }) => seq > after && agent === username && to.type === 'offline',
  )
  expect(offlines.length > 0).toBe(isOffline)
  const flagged = (await stage.storedState()).flags.map((flag) => flag.username)
  const isTaken = entry.outcome === 'confirmed' || entry.outcome === 'accepted'
  expect(flagged.includes(username)).toBe(!isTaken)
  if (!isOffline) expect(isTaken).toBe(false)
}

/** No request of its own holds such a page up: Firefox may end its process before its last words are out (seen once). */
export function expectCloseReport(name: BrowserName, { event }: LogEntry): void {
  if (name === 'chromium' || event !== null) expect(event).toBe('beforeunload')
}
