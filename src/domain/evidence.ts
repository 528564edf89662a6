/**
 * What counts as Amazon Connect's word. Page, background, recovery and sightings all judge by this module.
 *
 * - **accepted:** the service's API has answered a call. AWS says of a successful `setState` that the state will be updated,
 *   not that it is (amazon-connect-streams issue 452).
 * - **confirmed:** a later snapshot shows the agent Offline, in a period that began after the one that was closed; and the
 *   background has asked for that snapshot itself. What a page says that it saw is `accepted` at most: see `outcomeSeenBy`.
 *
 * Anybody on the way can answer with status 200: a captive portal, a proxy, a sign-in page. Only JSON in the form of the
 * service's own API (AWS JSON 1.0) counts. All else is no answer, and is asked for again.
 */
import type { AgentState } from './agent'
import type { CallError } from './close-report'
import { beganAfter } from './state-period'

/** What a response is. */
export type ApiAnswer =
  /** JSON without an error in it. Whether it is the answer to the call depends on the call: see `isAccepted`. */
  | { readonly is: 'answer'; readonly body: Readonly<Record<string, unknown>> }
  /** The service's own error. */
  | { readonly is: 'error'; readonly status: number; readonly error: CallError }
  /** Somebody else's response, or one that cannot be understood. */
  | { readonly is: 'no_answer'; readonly status: number; readonly why: string }

/** A response, as the browser's API shows it. */
export interface ApiResponse {
  readonly status: number
  /** The `Content-Type` header; null or empty without one. */
  readonly contentType: string | null
  /** null where it is longer than any answer of the service's, and was not read to its end. */
  readonly text: string | null
}

/** AWS JSON in any version, or JSON by its common name; a charset may follow. */
const JSON_TYPE = /^\s*application\/(x-amz-json-\d+(\.\d+)?|json)\s*(;|$)/i

/** A longer error name or message is cut: both are shown and stored. */
const LONGEST_TEXT = 256

/**
 * Reads a response of the instance's API.
 * @param parse `JSON.parse`, as it was before the page could change it.
 */
export function readApiAnswer(
  { status, contentType, text }: ApiResponse,
  parse: (text: string) => unknown = JSON.parse,
): ApiAnswer {
  const nothing = (why: string): ApiAnswer => ({ is: 'no_answer', status, why })
  if (text === null) return nothing(`HTTP ${status}, longer than 1 MB`)
  const isSuccess = status === 200
  const type = contentType ?? ''
  const isJson = JSON_TYPE.test(type)
  if (!isJson) return nothing(`HTTP ${status}, ${type || 'without a content type'}`)
  if (isSuccess && text.trim() === '') return { is: 'answer', body: {} }
  let body: unknown
  try {
    body = parse(text)
  } catch {
    return nothing(`HTTP ${status}, broken JSON`)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return nothing(`HTTP ${status}, not an object`)
  const fields = body as Readonly<Record<string, unknown>>
  const name = Object.hasOwn(fields, '__type') ? fields['__type'] : undefined
  if (typeof name === 'string' && name !== '') {
    const message = Object.hasOwn(fields, 'message') ? fields['message'] : fields['Message']
    const error = {
      type: name.slice(name.lastIndexOf('#') + 1).slice(0, LONGEST_TEXT),
      message: typeof message === 'string' ? message.slice(0, LONGEST_TEXT) : '',
    }
    return { is: 'error', status, error }
  }
  return isSuccess ? { is: 'answer', body: fields } : nothing(`HTTP ${status}, not Amazon Connect's own`)
}

/**
 * Whether the service has accepted a `PutAgentState`: its answer is an empty object or an empty body. Fields mean that it is
 * somebody else's JSON (`{"error": ...}`, `{"message": "Forbidden"}`): the agent's state has to be looked at.
 */
export function isAccepted(answer: ApiAnswer): boolean {
  return answer.is === 'answer' && Object.keys(answer.body).length === 0
}

/**
 * Whether an error that a page reports is Amazon Connect's own answer, by its name: AWS names a service's errors `...Exception`. A
 * proxy's page (`HTTP 403`), a request that was not sent and a network that is gone (`NetworkingError`) have other names: after
 * these nobody knows whether the state was set.
 */
export function isServiceException({ type }: CallError): boolean {
  return /\wException$/.test(type)
}

/**
 * Who reports that a snapshot showed the agent Offline. Each script in a page can forge all that a page reports, also in a CCP
 * that the extension has opened; nobody in the browser can forge what the background has asked over its own connection.
 */
export type Witness = 'page' | 'background'

/** The outcome of a close whose agent was seen Offline: a page's report alone confirms nothing. */
export function outcomeSeenBy(witness: Witness): 'confirmed' | 'accepted' {
  switch (witness) {
    case 'background':
      return 'confirmed'
    case 'page':
      return 'accepted'
  }
}

/** What a snapshot taken after a close says of it. */
export type OfflineEvidence =
  /** The agent has been Offline since the close, or since a later moment. */
  | 'confirmed'
  /** It shows an Offline from before the period that was closed: an answer from the past. The instance is asked again. */
  | 'stale'
  | 'not_offline'

/**
 * Whether a snapshot confirms that the agent is Offline after a close.
 * @param closed the state that the agent was in when the close began.
 * @param shown the state in a snapshot that was asked for after the close, as it counts (see `asCounted`).
 */
export function offlineEvidence(closed: AgentState, shown: AgentState): OfflineEvidence {
  if (shown.type !== 'offline') return 'not_offline'
  switch (beganAfter(shown, closed)) {
    case 'after':
      return 'confirmed'
    case 'before':
      return 'stale'
    case 'unknown':
      // Each recorded snapshot says since when: one that does not is no evidence. With one that does, only the close did not know.
      return shown.startTimestamp === null ? 'stale' : 'confirmed'
  }
}
