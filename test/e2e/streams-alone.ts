import type { LogEntry } from '../../src/domain/log-entry'
import type { BrowserName } from '../browser'
import type { Stage } from './stage'

/**
 * What must hold after the close of a CCP whose bridge was injected late and has no token, while nobody else has its
 * page's cookies: the request of Streams is the only one. Firefox may end the worker of Streams before that request
 * has left (seen once in some hundred closes, and once in CI); then the agent is flagged, and nothing counts as a
 * success. `after` is the journal's mark before the close.
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

/**
 * Such a page is not held by a request of its own: Firefox may end its process before its close report is out (seen
 * once).
 */
export function expectCloseReport(name: BrowserName, { event }: LogEntry): void {
  if (name === 'chromium' || event !== null) expect(event).toBe('beforeunload')
}
