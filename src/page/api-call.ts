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
  /** Until when the token is valid, by the service's clock, in ms since the epoch; Infinity where that is not told. */
  readonly expiresAt: number
}

/** `Access.expiresAt` as it is sent: a number, a `Date` or ISO text, and not always. */
export function expiryOf(expiration: unknown): number {
  return milliseconds(expiration) ?? Infinity
}

/** A request to the API. */
export interface ApiRequest {
  readonly method: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The token goes to the API alone, and a sign-in page's answer does not count as the API's. */
  readonly redirect: 'error'
}

export function apiRequest({ token }: Access, operation: ApiOperation, body: object): ApiRequest {
  const headers = { ...API_HEADERS, 'X-Amz-Target': apiTarget(operation), 'X-Amz-Bearer': token }
  return { method: 'POST', headers, body: natives.stringify(body), redirect: 'error' }
}

/** Sends it and waits: the answer comes within this call, or never. */
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
    // Cut off, or no network: the outcome is unknown.
    return
  }
  // Redirected to another page, perhaps a sign-in page: no answer of the API's.
  if (request.responseURL !== url) return
  const contentType = request.getResponseHeader('Content-Type')
  const { status, responseText } = request
  // The browser has read it to its end already: a real answer to this call has no more than two characters.
  const text = responseText.length > MAX_ANSWER ? null : responseText
  hear(readPutAnswer(readApiAnswer({ status, contentType, text }, natives.parse)))
}

/**
 * Sends it and reads the response.
 * @param options further options of `fetch`.
 * @returns rejects where the browser gets no response.
 */
export async function send(url: string, request: RequestInit, options: RequestInit = {}): Promise<ApiAnswer> {
  const response = await natives.fetch(url, { ...request, ...options })
  const contentType = response.headers.get('Content-Type')
  const text = await readText(response, natives.decoder)
  return readApiAnswer({ status: response.status, contentType, text }, natives.parse)
}

/**
 * Sends it so that it outlives the page; the answer arrives if the page lives.
 * @param onFailed called where there is no response: the browser may have refused to send at all, and gives no reason.
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
 * The result of a `PutAgentState` by the API's response: `ok` means that the service has accepted it, and no more. Somebody
 * else's response is reported as an error with its status, so that a page that stays asks again.
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
