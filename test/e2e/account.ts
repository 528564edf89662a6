import type { Journal, JournalEntry } from '../instance/journal'

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
    .filter(({ at }) => at >= time)
    .flatMap((entry) => {
      const what = describe(entry)
      return what === null ? [] : [`  +${entry.at - time} ms ${entry.agent ?? ''} ${what}`]
    })
  return lines.length === 0 ? '  nothing' : lines.slice(-LAST).join('\n')
}

function describe(entry: JournalEntry): string | null {
  switch (entry.kind) {
    case 'state':
      return `state ${entry.from.name} to ${entry.to.name}, by ${entry.cause.by}`
    case 'next-state':
      return `next state ${entry.to?.name ?? 'cleared'}, by ${entry.cause.by}`
    case 'contact':
      return `contact ${entry.contactId} ${entry.to}`
    case 'session':
      return entry.event
    case 'request': {
      const { operation, status, error, answeredAt, clientGoneAt, details, at } = entry
      if (COMMON.includes(operation) && error === undefined) return null
      const sender = details.origin?.startsWith('http') === false ? 'background' : 'page'
      const answer = answeredAt === undefined ? 'unanswered' : `${status ?? ''} after ${answeredAt - at} ms`
      const gone = clientGoneAt === undefined ? '' : `, its client gone after ${clientGoneAt - at} ms`
      return `${operation} by the ${sender}: ${answer}${error === undefined ? '' : ` (${error})`}${gone}`
    }
  }
}
