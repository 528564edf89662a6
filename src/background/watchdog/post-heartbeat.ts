import type { HeartbeatProblem } from '../../domain/heartbeat/heartbeat-status'
import type { Heartbeat, HeartbeatAnswer } from '../../protocol/heartbeat'
import { readAnswer } from '../../protocol/heartbeat'
import { readText } from '../../protocol/read-text'

/** Where heartbeats go. */
export interface WatchdogTarget {
  readonly endpoint: string
  readonly secret: string
}

export type HeartbeatVerdict =
  | { readonly is: 'taken'; readonly answer: HeartbeatAnswer }
  | { readonly is: 'failed'; readonly problem: HeartbeatProblem; readonly status: number | null }

/** A later answer does not count: the next attempt is due by then. In ms. */
const TIMEOUT_MS = 5_000
/** Longer than any answer of a watchdog, in characters. */
const MAX_ANSWER = 4_096

/**
 * Sends one heartbeat. Without cookies, and without following redirects: the secret is meant for this address. Never rejects: a
 * portal's page, an answer that cannot be read, and no answer at all are failures alike.
 */
export async function postHeartbeat(
  { endpoint, secret }: WatchdogTarget,
  heartbeat: Heartbeat,
): Promise<HeartbeatVerdict> {
  try {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(heartbeat),
      credentials: 'omit',
      redirect: 'manual',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.status !== 200) return failed(problemOf(response.status), response.status)
    const answer = readAnswer(parsed(await readText(response)))
    return answer === null ? failed('no_answer', 200) : { is: 'taken', answer }
  } catch {
    return failed('no_answer', null)
  }
}

function failed(problem: HeartbeatProblem, status: number | null): HeartbeatVerdict {
  // A redirect that is not followed has no status.
  return { is: 'failed', problem, status: status === 0 ? null : status }
}

function problemOf(status: number): HeartbeatProblem {
  switch (status) {
    case 401:
    case 403:
      return 'secret'
    case 422:
      return 'instance'
    case 400:
    case 404:
    case 405:
    case 413:
      return 'refused'
    default:
      return 'no_answer'
  }
}

function parsed(text: string | null): unknown {
  if (text === null || text.length > MAX_ANSWER) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
