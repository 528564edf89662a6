import * as v from 'valibot'
import type { AgentState } from '../domain/agent'
import { asCounted } from '../domain/agent'
import type { CallError } from '../domain/close-report'
import type { Snapshot } from '../domain/verification'
import { isCcpUrl } from '../protocol/ccp-urls'
import type { ApiOperation } from '../protocol/connect-api'
import { API_HEADERS, apiPaths, apiTarget, putAgentStateBody } from '../protocol/connect-api'
import type { LentToken } from '../protocol/token-messages'
import type { WireState } from '../protocol/connect-answers'
import { authorizeAnswer, configurationAnswer, errorAnswer, snapshotAnswer } from '../protocol/connect-answers'

/** How long an answer is waited for, in ms. */
const PATIENCE_MS = 10_000

/** The instance has refused, in a way that asking again does not change. */
export class RefusedError extends Error {}
/** The browser has no session at the instance. */
export class SignedOutError extends Error {}
/** The instance has answered with an error that another attempt may not meet. */
export class AnsweredError extends Error {
  constructor(readonly answer: CallError) {
    super(answer.type)
  }
}

/** The caller is not wanted (403), or there is no such thing here (404): who signs in anew is told the same. */
const REFUSALS: readonly number[] = [403, 404]

/**
 * The instance's API, asked by the background with the browser's own session. The token lives in this object alone, for
 * the few calls of one verification.
 */
export class ConnectClient {
  private constructor(
    private readonly apiUrl: string,
    private readonly token: string,
    private readonly credentials: 'include' | 'omit',
  ) {}

  /** Takes a token that the page of a private window or a container has lent: no cookies of this browser go with it. */
  static withLent({ url, token }: LentToken): ConnectClient {
    return new ConnectClient(url, token, 'omit')
  }

  /**
   * Asks for a token with the session's cookies.
   * @param url any address of the instance.
   * @throws SignedOutError where there is no session; whatever `fetch` throws where there is no network.
   */
  static async signedIn(url: string): Promise<ConnectClient> {
    if (!isCcpUrl(url)) throw new RefusedError('Not an address of an instance.')
    const { origin, hostname } = new URL(url)
    const paths = apiPaths(hostname)
    const response = await fetch(origin + paths.authorize, {
      credentials: 'include',
      // A redirect leads to a sign-in page, perhaps of an identity provider: nothing of ours follows it.
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const body = await readJson(response)
    if (REFUSALS.includes(response.status)) throw new RefusedError(readError(body, response.status).type)
    if (isSignIn(response)) throw new SignedOutError('There is no session at the instance.')
    // What is left says nothing of the session: it is asked for again.
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
    const { accessToken } = v.parse(authorizeAnswer, body)
    return new ConnectClient(origin + paths.api, accessToken, 'include')
  }

  /** Whose session it is. */
  async username(): Promise<string> {
    const { configuration } = v.parse(
      configurationAnswer,
      await this.call('GetAgentConfiguration', this.authentication()),
    )
    return configuration.username
  }

  /**
   * The agent's state and contacts now, with states as they count. Without `nextToken` it answers at once.
   * @param target the state that a close sets; null where there is none.
   */
  async snapshot(target: AgentState | null): Promise<Snapshot> {
    const body = { ...this.authentication(), timeout: 0 }
    const { snapshot } = v.parse(snapshotAnswer, await this.call('GetAgentSnapshot', body))
    const { state, nextState, contacts } = snapshot
    return {
      state: asCounted(readState(state), target),
      ...(nextState && { nextState: asCounted(readState(nextState), target) }),
      contacts: contacts.map(({ contactId: id, type: channel = '', state: { type = '' } = {} }) => ({
        channel,
        state: type.toLowerCase(),
        ...(id !== undefined && { id }),
      })),
    }
  }

  /** Sets the agent's state, at once or not at all. */
  async putState(state: AgentState): Promise<void> {
    await this.call('PutAgentState', putAgentStateBody(this.token, state, false))
  }

  /**
   * Ends the browser's session at an instance.
   * @param url any address of the instance.
   * @returns whether it has none afterwards: the instance's own word. Throws whatever `fetch` throws.
   */
  static async logOut(url: string): Promise<boolean> {
    if (!isCcpUrl(url)) throw new RefusedError('Not an address of an instance.')
    const { origin, hostname } = new URL(url)
    // Its answer is the sign-in page, or the way to it: neither says anything.
    await fetch(origin + apiPaths(hostname).logout, {
      credentials: 'include',
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    try {
      await ConnectClient.signedIn(url)
      return false
    } catch (error) {
      if (error instanceof SignedOutError) return true
      throw error
    }
  }

  private authentication(): object {
    return { authentication: { authToken: this.token } }
  }

  private async call(operation: ApiOperation, body: object): Promise<unknown> {
    const response = await fetch(this.apiUrl, {
      method: 'POST',
      headers: { ...API_HEADERS, 'X-Amz-Target': apiTarget(operation), 'X-Amz-Bearer': this.token },
      body: JSON.stringify(body),
      credentials: this.credentials,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const answer = await readJson(response)
    if (response.ok) return answer
    const error = readError(answer, response.status)
    if (REFUSALS.includes(response.status)) throw new RefusedError(error.type)
    if (response.status === 401) throw new SignedOutError(error.type)
    throw new AnsweredError(error)
  }
}

/** Whether the way to a token leads to a sign-in page: by 401, a redirect that was not followed, or the page itself. */
function isSignIn({ status, ok, type, headers }: Response): boolean {
  if (type === 'opaqueredirect' || status === 401) return true
  return ok && (headers.get('Content-Type') ?? '').startsWith('text/html')
}

function readState({ name, type, agentStateARN, startTimestamp }: WireState): AgentState {
  return { name, type: stateType(type), arn: agentStateARN ?? null, startTimestamp: startTimestamp ?? null }
}

/** Connect's own name for an error, or the status where it gave none. */
function readError(answer: unknown, status: number): CallError {
  const error = v.safeParse(errorAnswer, answer)
  const { __type, message } = error.success ? error.output : {}
  return { type: __type?.replace(/^.*#/, '') ?? `HTTP ${status}`, message: message ?? '' }
}

/** What is no JSON is null. Throws where the answer breaks off: that says nothing of the session. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const STATE_TYPES: readonly AgentState['type'][] = ['init', 'routable', 'not_routable', 'offline', 'system', 'error']

function stateType(type: string): AgentState['type'] {
  return STATE_TYPES.find((known) => known === type.toLowerCase()) ?? 'unknown'
}
