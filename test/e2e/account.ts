import type { Journal, JournalEntry, RequestEntry } from '../instance/journal'
import { describeEntry } from '../instance/journal'

/** The events that an instance has recorded since a time (ms since the epoch), as text for people. */
type AccountSince = (time: number) => string
/** The accounts of the running instances. */
export type Accounts = Set<AccountSince>

/** As many lines as a failure's message has room for: the last ones. */
const LAST = 25
/** Operations that every page calls all the time. */
const COMMON = ['GetAgentSnapshot', 'GetAgentConfiguration', 'authorize']

/** Adds the instance's journal to each failure (`story-environment.ts`). @returns how to stop. */
export function tellWithFailures(journal: Journal): () => void {
  const world = globalThis as { storyAccounts?: Accounts }
  const accounts = (world.storyAccounts ??= new Set())
  const account: AccountSince = (time) => accountOf(journal.entries, time)
  accounts.add(account)
  return () => accounts.delete(account)
}

function accountOf(entries: readonly JournalEntry[], time: number): string {
  const lines = entries
    .filter((entry) => entry.at >= time && !isCommon(entry))
    .map(
      (entry) => `  +${entry.at - time} ms ${describeEntry(entry)}${entry.kind === 'request' ? detailsOf(entry) : ''}`,
    )
  return lines.length === 0 ? '  nothing' : lines.slice(-LAST).join('\n')
}

const isCommon = (entry: JournalEntry): boolean =>
  entry.kind === 'request' && COMMON.includes(entry.operation) && entry.error === undefined

function detailsOf({ at, answeredAt, clientGoneAt, details }: RequestEntry): string {
  const sender = details.origin?.startsWith('http') === false ? 'background' : 'page'
  const answered = answeredAt === undefined ? '' : `, after ${answeredAt - at} ms`
  const gone = clientGoneAt === undefined ? '' : `, its client gone after ${clientGoneAt - at} ms`
  return ` (${sender}${answered}${gone})`
}
