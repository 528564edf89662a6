/** What the requests of closing pages have met, as the log's entries say: nobody can do anything about it when it happens. */
import type { LogEntry } from './log-entry'

/** In the detail of the step `closing`: the request needed a new connection. */
export const COLD_CONNECTION = 'cold connection'
/** The type of the error where the browser has given a request up at once, as it does where too many are under way. */
export const NOT_SENT_ERROR = 'RequestNotSent'

export interface CloseRequests {
  /** How many closes have sent a request. */
  readonly closes: number
  /** How many of them needed a new connection. */
  readonly cold: number
  /** How many of them met the browser's refusal. */
  readonly refused: number
}

/** The requests of these closes. */
export function closeRequestsOf(entries: readonly LogEntry[]): CloseRequests {
  const sent = entries.filter(({ timeline }) => timeline.some(isAttempt))
  const count = (is: (entry: LogEntry) => boolean): number => sent.filter(is).length
  return {
    closes: sent.length,
    cold: count(({ timeline }) => timeline.some((step) => isAttempt(step) && step.detail?.includes(COLD_CONNECTION))),
    refused: count(({ error, timeline }) => {
      return error?.type === NOT_SENT_ERROR || timeline.some(({ detail }) => detail === NOT_SENT_ERROR)
    }),
  }
}

function isAttempt({ event, detail }: LogEntry['timeline'][number]): boolean {
  return event === 'closing' && detail?.startsWith('attempted') === true
}
