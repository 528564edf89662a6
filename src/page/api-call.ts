import type { CloseResult } from '../domain/close-report'
import type { ApiAnswer } from '../domain/evidence'
import { isAccepted, readApiAnswer } from '../domain/evidence'
import type { ApiOperation } from '../protocol/connect-api'
import { API_HEADERS, apiTarget } from '../protocol/connect-api'
import { MAX_ANSWER, readText } from '../protocol/read-text'
import { guard } from './guard'
import { natives } from './natives'
import { milliseconds } from './read-agent'

/** Where the instance's API is, and what opens it. */
export interface Access {
  readonly url: string
  readonly token: string
  /** ms since the epoch. */
  readonly expiresAt: number
}

/**
 * Until when a token is good, in ms since the epoch: told as a number, a `Date` or ISO text, and not always. One that would
 * have run out before it was handed over is told by a clock that is not this machine's: then only the instance knows.
 */
export function expiryOf(expiration: unknown): number {
  const at = milliseconds(expiration)
  return at === null || at <= natives.now() ? Infinity : at
}

/** A request to the API. */
export interface ApiRequest {
  readonly method: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The token goes to the API, and what a sign-in page answers is no answer of the API's. */
  readonly redirect: 'error'
}

export function apiRequest({ token }: Access, operation: ApiOperation, body: object): ApiRequest {
  const headers = { ...API_HEADERS, 'X-Amz-Target': apiTarget(operation), 'X-Amz-Bearer': token }
  return { method: 'POST', headers, body: natives.stringify(body), redirect: 'error' }
}

/** Sends it and waits: the answer is heard within this call, or never. */
export function sendSynchronously(
  url: string,
  { headers, body }: ApiRequest,
  hear: (result: CloseResult) => void,
): void {
  const request = new natives.XMLHttpRequest()
  try {
    request.open('POST', url, false)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.send(body)
  } catch {
    // Cut off, or no network: what became of it is unknown.
    return
  }
  // Led to another page, of a sign-in perhaps: that is no answer of the API's.
  if (request.responseURL !== url) return
  const contentType = request.getResponseHeader('Content-Type')
  const { status, responseText } = request
  // Read by the browser to its end already: an answer to this call has no more than two letters.
  const text = responseText.length > MAX_ANSWER ? null : responseText
  hear(readPutAnswer(readApiAnswer({ status, contentType, text }, natives.parse)))
}

/**
 * Sends it and reads what comes back.
 * @param options more of what `fetch` takes.
 * @returns rejects where the browser has no response to give.
 */
export async function send(url: string, request: ApiRequest, options: RequestInit = {}): Promise<ApiAnswer> {
  const response = await natives.fetch(url, { ...request, ...options })
  const contentType = response.headers.get('Content-Type')
  const text = await readText(response, natives.decoder)
  return readApiAnswer({ status: response.status, contentType, text }, natives.parse)
}

/**
 * Sends it so that it outlives the page; the answer is heard if the page lives.
 * @param onFailed called where the browser gives no response: it may have refused to send at all, and says nothing of why.
 */
export function sendKeepalive(
  url: string,
  request: ApiRequest,
  hear: (result: CloseResult) => void,
  onFailed: () => void,
): void {
  send(url, request, { keepalive: true }).then(
    guard((answer) => hear(readPutAnswer(answer))),
    guard(onFailed),
  )
}

/**
 * What the API's response to a `PutAgentState` says: `ok` means that the service has accepted it, and no more. Somebody
 * else's response is told as an error of its status, so that the page that stays asks again.
 */
export function readPutAnswer(answer: ApiAnswer): CloseResult {
  if (isAccepted(answer)) return { ok: true }
  switch (answer.is) {
    case 'error':
      return { ok: false, error: answer.error }
    case 'no_answer':
      return { ok: false, error: { type: `HTTP ${answer.status}`, message: answer.why } }
    case 'answer':
      return { ok: false, error: { type: 'HTTP 200', message: 'not the answer to a PutAgentState' } }
  }
}
