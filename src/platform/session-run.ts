import { browser } from './browser'

const KEY = 'runId'

/**
 * The id of this run of the extension. `storage.session` outlives the worker and is emptied by a start of the browser, and by a
 * reload or an update of the extension.
 */
export async function currentRun(): Promise<string> {
  const { [KEY]: known } = await browser.storage.session.get(KEY)
  if (typeof known === 'string') return known
  const runId = crypto.randomUUID()
  await browser.storage.session.set({ [KEY]: runId })
  return runId
}
