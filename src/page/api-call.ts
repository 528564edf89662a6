import type { CloseResult } from '../domain/close-report'
import type { ApiOperation } from '../protocol/connect-api'
import { API_HEADERS, apiTarget } from '../protocol/connect-api'
import { guard } from './guard'
import { natives } from './natives'
import { readError } from './set-offline'
import { bag } from './streams'

/** Where the instance's API is, and what opens it. */
export interface Access {
  readonly url: string
  readonly token: string
  /** ms since the epoch. */
  readonly expiresAt: number
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
  hear(readAnswer(request.status, request.responseText))
}

/** Sends it so that it outlives the page; the answer is heard if the page lives. */
export function sendKeepalive(url: string, request: ApiRequest, hear: (result: CloseResult) => void): void {
  natives
    .fetch(url, { ...request, keepalive: true })
    .then(async (response) => ({ status: response.status, text: await response.text() }))
    .then(
      guard(({ status, text }) => hear(readAnswer(status, text))),
      // No answer that this page could hear: what became of it is unknown.
      guard(() => undefined),
    )
}

/** What the API answered. Anybody on the way can answer 200; Connect answers with an object, and names its errors. */
export function readAnswer(status: number, text: string): CloseResult {
  try {
    const answer = natives.parse(text)
    const { __type, message } = bag(answer)
    const isConnects = typeof answer === 'object' && answer !== null && __type === undefined
    if (status === 200 && isConnects) return { ok: true }
    const type = typeof __type === 'string' ? __type.replace(/^.*#/, '') : `HTTP ${status}`
    return { ok: false, error: readError({ type, message }) }
  } catch {
    return { ok: false, error: { type: `HTTP ${status}`, message: '' } }
  }
}
