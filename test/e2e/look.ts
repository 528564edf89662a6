import type { JournalEntry, RequestEntry } from '../instance/instance'
import type { Stage } from './stage'

/** The background checks a contact at least every 25 seconds. */
export const LOOK_PATIENCE = { timeoutMs: 40_000 }

/** Whether it is a request for the agent's snapshot by the background, with its answer. */
export const isLook = (entry: JournalEntry): entry is RequestEntry =>
  entry.kind === 'request' &&
  entry.operation === 'GetAgentSnapshot' &&
  entry.status !== undefined &&
  /^(chrome|moz)-extension:/.test(entry.details.origin ?? '')

/** Resolves when the background has looked once more, and has had its answer. */
export async function look({ instance }: Stage): Promise<void> {
  await instance.journal.waitFor(isLook, { ...LOOK_PATIENCE, after: instance.journal.mark() })
}
