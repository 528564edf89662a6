import type { HttpAnswer } from '../../domain/fleet/answer'
import type { OtlpRequest } from '../../protocol/otlp'
import { partialOf } from '../../protocol/otlp'
import { readBytes } from '../../protocol/read-text'
import type { Target } from './target'

/** Browsers end workers that have waited for longer than half a minute. */
const TIMEOUT_MS = 20_000

/**
 * Sends a request to the collector. Without cookies, and without following redirects: the headers are meant for this address.
 * Throws where no answer comes.
 */
export async function post({ endpoint, headers }: Target, { contentType, body }: OtlpRequest): Promise<HttpAnswer> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': contentType },
    // A copy: `fetch` does not take shared memory.
    body: Uint8Array.from(body),
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'manual',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  const content = await readBytes(answer)
  return {
    // A redirect that is not followed has no status.
    status: answer.type === 'opaqueredirect' ? 300 : answer.status,
    retryAfter: answer.headers.get('Retry-After'),
    // Where an answer is too long, only its status counts.
    partial: answer.ok && content ? partialOf(answer.headers.get('Content-Type') ?? '', content) : null,
  }
}
