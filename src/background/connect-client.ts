import * as v from 'valibot'
import type { AgentState, ContactFacts } from '../domain/agent'
import { AGENT_STATE_TYPES, asCounted } from '../domain/agent'
import type { ApiAnswer } from '../domain/evidence'
import { isAccepted, readApiAnswer } from '../domain/evidence'
import type { Snapshot } from '../domain/judge-snapshot'
import { isCcpUrl } from '../protocol/ccp-urls'
import type { ApiOperation } from '../protocol/connect-api'
import { API_HEADERS, apiPaths, apiTarget, putAgentStateBody, snapshotBody } from '../protocol/connect-api'
import { readText } from '../protocol/read-text'
import type { LentToken } from '../protocol/token-messages'
import type { WireContact, WireState } from '../protocol/connect-answers'
import { authorizeAnswer, configurationAnswer, snapshotAnswer, statesAnswer } from '../protocol/connect-answers'
import { AddressError, AnsweredError, DeniedError } from './connect-errors'
import { pause } from './pause'

/** How long to wait for an answer, in ms. */
const PATIENCE_MS = 10_000
/**
 * A new token may be younger than the API's knowledge of it: a denied call is repeated within the same attempt, after these
 * pauses in ms. The back-off between attempts is the domain's.
 */
const DENIED_AGAIN_MS = [300, 700] as const
/** No instance has a list with more pages. */
const MAX_PAGES = 20

/**
 * The instance's API, called by the background with the browser's own session. The token is in this object alone, for the few
 * calls of one check.
 */
export class ConnectClient {
  private constructor(
    private readonly apiUrl: string,
    private readonly token: string,
    private readonly credentials: 'include' | 'omit',
  ) {}

  /** Uses a token that the page of a private window or a container has lent: no cookies of this browser go with it. */
  static withLent({ url, token }: LentToken): ConnectClient {
    return new ConnectClient(url, token, 'omit')
  }

  /**
   * Asks for a token with the session's cookies.
   * @param url any address of the instance. @throws DeniedError where there is no session, as far as the answer shows; whatever
   * `fetch` throws where there is no network.
   */
  static async signedIn(url: string): Promise<ConnectClient> {
    if (!isCcpUrl(url)) throw new AddressError('Not an address of an instance.')
    const { origin, hostname } = new URL(url)
    const paths = apiPaths(hostname)
    const response = await fetch(origin + paths.authorize, {
      credentials: 'include',
      // A redirect leads to a sign-in page, perhaps an identity provider's: it is not followed.
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    const answer = await readAnswer(response)
    if (answer.is === 'answer') {
      const { accessToken } = v.parse(authorizeAnswer, answer.body)
      return new ConnectClient(origin + paths.api, accessToken, 'include')
    }
    const reason = deniedBecause(response)
    if (reason !== null) throw new DeniedError(reason, answer.is === 'error' ? 'authorize' : 'nobody', describe(answer))
    // Other answers say nothing of the session: the token is requested again.
    throw new Error(describe(answer))
  }

  /** The user name of the session. */
  async username(): Promise<string> {
    const { configuration } = v.parse(
      configurationAnswer,
      await this.call('GetAgentConfiguration', this.authentication()),
    )
    return configuration.username
  }

  /**
   * The states that the agent may choose, as the instance lists them.
   * @throws Error where the list has no end.
   */
  async states(): Promise<AgentState[]> {
    const states: AgentState[] = []
    let nextToken: string | null = null
    for (let pages = 0; pages < MAX_PAGES; pages += 1) {
      // As Streams asks for them (`pollForAgentStates`).
      const body = { ...this.authentication(), nextToken, maxResults: 500 }
      const page: v.InferOutput<typeof statesAnswer> = v.parse(statesAnswer, await this.call('GetAgentStates', body))
      states.push(...page.states.map(readState))
      nextToken = page.nextToken ?? null
      if (nextToken === null) return states
    }
    throw new Error('The list of states has no end')
  }

  /**
   * The agent's current state and contacts, with states as they count (see `asCounted`). Without `nextToken` the API answers at
   * once.
   * @param target the state that a close sets, or null.
   * @param list the agent's own list of states.
   */
  async snapshot(target: AgentState | null, list: readonly AgentState[]): Promise<Snapshot> {
    const { snapshot } = v.parse(snapshotAnswer, await this.call('GetAgentSnapshot', snapshotBody(this.token)))
    const { state, nextState, agentAvailabilityState: chosen } = snapshot
    const contacts = (snapshot.contacts ?? []).map(readContact)
    const availability = chosen?.state ? { name: chosen.state, since: chosen.timeStamp ?? null } : null
    return {
      state: asCounted({ ...readState(state), ...(availability && { availability }) }, target, { list, contacts }),
      ...(nextState && { nextState: asCounted(readState(nextState), target, { list, contacts }) }),
      contacts,
    }
  }

  /**
   * Asks for the agent's state to be set, at once or not at all. Acceptance only promises it: a snapshot shows it. @throws
   * AnsweredError where Connect refuses; Error where the answer is not Connect's.
   */
  async putState(state: AgentState): Promise<void> {
    const body = await this.call('PutAgentState', putAgentStateBody(this.token, state, false))
    if (!isAccepted({ is: 'answer', body })) throw new Error('HTTP 200, not the answer of PutAgentState')
  }

  /**
   * Ends the browser's session at an instance.
   * @param url any address of the instance.
   * @returns whether the session is gone afterwards, by the instance's own word. Throws whatever `fetch` throws.
   */
  static async logOut(url: string): Promise<boolean> {
    if (!isCcpUrl(url)) throw new AddressError('Not an address of an instance.')
    const { origin, hostname } = new URL(url)
    // The answer is the sign-in page, or a redirect to it: neither shows anything.
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
      if (error instanceof DeniedError && error.reason === 'signed_out') return true
      throw error
    }
  }

  private authentication(): object {
    return { authentication: { authToken: this.token } }
  }

  /** Calls the API; repeats a denied call (see `DENIED_AGAIN_MS`). */
  private async call(operation: ApiOperation, body: object): Promise<Readonly<Record<string, unknown>>> {
    for (let nth = 0; ; nth += 1) {
      const answer = await this.callOnce(operation, body)
      if (answer.is === 'answer') return answer.body
      const again = DENIED_AGAIN_MS[nth]
      if (answer.is === 'no_answer') {
        const reason = DENIAL_BY_STATUS[answer.status]
        if (reason !== undefined) throw new DeniedError(reason, 'nobody', describe(answer))
        throw new Error(describe(answer))
      }
      const { status, error } = answer
      if (status !== 401 && status !== 403) throw new AnsweredError(error)
      if (again === undefined) {
        throw status === 401
          ? new DeniedError('signed_out', 'unauthorized', error.type, nth + 1)
          : new DeniedError('refused', 'forbidden', error.type, nth + 1)
      }
      await pause(again)
    }
  }

  private async callOnce(operation: ApiOperation, body: object): Promise<ApiAnswer> {
    const response = await fetch(this.apiUrl, {
      method: 'POST',
      headers: { ...API_HEADERS, 'X-Amz-Target': apiTarget(operation), 'X-Amz-Bearer': this.token },
      body: JSON.stringify(body),
      credentials: this.credentials,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE_MS),
    })
    return readAnswer(response)
  }
}

/**
 * The denial that a status suggests where the answer is not Connect's. Somebody in between may have sent it, so it is never believed:
 * the check asks again.
 */
const DENIAL_BY_STATUS: Readonly<Partial<Record<number, DeniedError['reason']>>> = {
  401: 'signed_out',
  403: 'refused',
  404: 'refused',
}

/**
 * Why no token was given: 401, a redirect that was not followed, or a page, which must be a sign-in page; 403 or 404, where the
 * caller is denied. null where the answer says nothing of it.
 */
function deniedBecause({ status, ok, type, headers }: Response): DeniedError['reason'] | null {
  if (type === 'opaqueredirect') return 'signed_out'
  if (ok && (headers.get('Content-Type') ?? '').startsWith('text/html')) return 'signed_out'
  return DENIAL_BY_STATUS[status] ?? null
}

function readContact({ contactId, type, state }: WireContact): ContactFacts {
  return {
    channel: type ?? '',
    state: (state?.type ?? '').toLowerCase(),
    ...(contactId != null && { id: contactId }),
  }
}

function readState({ name, type, agentStateARN, startTimestamp }: WireState): AgentState {
  return { name, type: stateType(type), arn: agentStateARN ?? null, startTimestamp: startTimestamp ?? null }
}

/** Connect's own name for an error, or a description of what came instead. */
function describe(answer: Exclude<ApiAnswer, { is: 'answer' }>): string {
  return answer.is === 'error' ? answer.error.type : answer.why
}

/** Reads 1 MB at most. Throws where the answer breaks off: that says nothing of the session. */
async function readAnswer(response: Response): Promise<ApiAnswer> {
  const { status, headers } = response
  return readApiAnswer({ status, contentType: headers.get('Content-Type'), text: await readText(response) })
}

function stateType(type: string): AgentState['type'] {
  return AGENT_STATE_TYPES.find((known) => known === type.toLowerCase()) ?? 'unknown'
}
