import { mayFollow, nextCallAt } from '../../domain/field-check/call-pace'
import type { StopReason } from '../../domain/field-check/check'
import type { ChosenState } from '../../domain/field-check/looks'
import type { CallBy, CallFor, CallRecord } from '../../domain/field-check/observations'
import type { ApiOperation } from '../../protocol/connect-api'
import { API_HEADERS, apiTarget, putAgentStateBody, snapshotBody } from '../../protocol/connect-api'
import type { Caller } from './callers'
import type { RawAnswer } from './raw-answer'

/** The check cannot go on, and why. */
export class Stop extends Error {
  constructor(readonly reason: StopReason) {
    super(reason)
  }
}

export interface CallParts {
  /** null where no page of the agent is open. */
  readonly caller: (by: CallBy) => Promise<Caller | null>
  /** Looks at whose configuration was answered: throws `Stop` where it is another agent's. */
  readonly checkWho: (body: Readonly<Record<string, unknown>>) => void
  readonly startedAt: number
  readonly now: () => number
  /** Rejects with `Stop` where the check is to end meanwhile. */
  readonly pause: (ms: number) => Promise<unknown>
}

interface Token {
  readonly nth: number
  readonly value: string
}

const OPERATIONS: Readonly<Record<Exclude<CallFor, 'token' | 'headers'>, ApiOperation>> = {
  who: 'GetAgentConfiguration',
  queues: 'GetRoutingProfileQueues',
  states: 'GetAgentStates',
  look: 'GetAgentSnapshot',
  change: 'PutAgentState',
}
type ApiFor = keyof typeof OPERATIONS

/** A young token may be denied: so often a call is made with it until the check gives up. */
const TRIES = 4
/** As Streams asks for its lists. */
const LIST = { nextToken: null, maxResults: 500 } as const

/**
 * The calls of one worker's part in a check: at most one a second, never two refusals in a row, each noted. Tokens live in
 * this object alone.
 */
export class CheckCalls {
  readonly #records: CallRecord[]
  readonly #tokens = new Map<CallBy, Token>()
  #startsAt = -Infinity

  constructor(
    private readonly parts: CallParts,
    before: readonly CallRecord[],
  ) {
    this.#records = [...before]
  }

  get records(): readonly CallRecord[] {
    return [...this.#records]
  }

  /** Asks for a token, and keeps it where that is wanted. @returns the answer. */
  async authorize(by: CallBy, isKept = true): Promise<RawAnswer> {
    const answer = await this.#make(by, 'token', 0, (caller) => caller.authorize())
    const value = answer.body?.['accessToken']
    if (isKept && typeof value === 'string' && value !== '') {
      const nth = this.#records.reduce((most, call) => (call.by === by ? Math.max(most, call.token) : most), 0) + 1
      this.#tokens.set(by, { nth, value })
    }
    return answer
  }

  hasToken(by: CallBy): boolean {
    return this.#tokens.has(by)
  }

  /** Forgets a caller's token. */
  drop(by: CallBy): void {
    this.#tokens.delete(by)
  }

  /** One call with the caller's token, which is there. */
  async once(by: CallBy, what: ApiFor, body: (token: string) => object): Promise<RawAnswer> {
    const token = this.#tokens.get(by)
    if (token === undefined) throw new Stop('signed_out')
    return this.#make(by, what, token.nth, (caller) => {
      const headers = { ...API_HEADERS, 'X-Amz-Target': apiTarget(OPERATIONS[what]), 'X-Amz-Bearer': token.value }
      return caller.post({ headers, body: JSON.stringify(body(token.value)) })
    })
  }

  /**
   * A call that has to be answered: with a token that is asked for where it is missing, and again where a young one is denied.
   * @throws Stop where it is not answered.
   */
  async settled(by: CallBy, what: ApiFor, body: (token: string) => object): Promise<Readonly<Record<string, unknown>>> {
    if (!this.hasToken(by)) await this.#firstToken(by, what)
    let last: RawAnswer | null = null
    for (let tries = 0; tries < TRIES; tries += 1) {
      last = await this.once(by, what, body)
      if (last.body !== null) {
        if (what === 'who') this.#checkWho(by, last.body)
        return last.body
      }
      if (last.status !== 401 && last.status !== 403) break
      if (last.status === 401 && this.#wasTaken(by)) {
        // It was good before, and has ended: with the session, or by the time.
        this.#tokens.delete(by)
        await this.#firstToken(by, what)
      }
    }
    throw new Stop(last?.status === 401 ? 'signed_out' : last?.status === 403 ? 'refused' : 'no_answer')
  }

  who(by: CallBy) {
    return this.settled(by, 'who', authentication)
  }

  queues(by: CallBy, routingProfileARN: string) {
    return this.settled(by, 'queues', (token) => ({ ...authentication(token), routingProfileARN, ...LIST }))
  }

  states(by: CallBy) {
    return this.settled(by, 'states', (token) => ({ ...authentication(token), ...LIST }))
  }

  /** @param since the `nextToken` of a look: then the answer is held back until something has changed. */
  look(by: CallBy, since?: string) {
    return this.settled(by, 'look', (token) => snapshotBody(token, since))
  }

  /** Asks for a status, once; @returns the answer. */
  async change(by: CallBy, to: ChosenState): Promise<RawAnswer> {
    if (!this.hasToken(by)) await this.#firstToken(by, 'change')
    const state = { ...to, startTimestamp: null, type: to.type as 'routable' }
    return this.once(by, 'change', (token) => putAgentStateBody(token, state, false))
  }

  /** Notes a call that is made elsewhere, and waits for its turn. */
  async turn<T>(by: CallBy, what: CallFor, work: () => Promise<{ status: number | null; value: T }>): Promise<T> {
    const done = await this.#begin(by, what, 0)
    const { status, value } = await work()
    done(status, null)
    return value
  }

  /** A token of another agent's is dropped at once: nothing is ever asked or changed with it. */
  #checkWho(by: CallBy, body: Readonly<Record<string, unknown>>): void {
    try {
      this.parts.checkWho(body)
    } catch (error) {
      this.#tokens.delete(by)
      throw error
    }
  }

  /** Whether the caller's token was answered well before. */
  #wasTaken(by: CallBy): boolean {
    const nth = this.#tokens.get(by)?.nth
    return this.#records.some((call) => call.by === by && call.token === nth && call.status === 200)
  }

  /** Nothing is asked or changed with a token before it is known whose it is. */
  async #firstToken(by: CallBy, what: ApiFor): Promise<void> {
    const { status } = await this.authorize(by)
    if (!this.hasToken(by)) throw new Stop(status === null ? 'no_answer' : status === 403 ? 'refused' : 'signed_out')
    if (what !== 'who') await this.who(by)
  }

  async #make(
    by: CallBy,
    what: CallFor,
    token: number,
    send: (caller: Caller) => Promise<RawAnswer>,
  ): Promise<RawAnswer> {
    if (!mayFollow(this.#records, { by, for: what })) {
      // A call that is answered well comes in between.
      if (!mayFollow(this.#records, { by: 'page', for: 'token' })) throw new Stop('refused')
      await this.authorize('page', false)
    }
    const caller = await this.parts.caller(by)
    if (caller === null) throw new Stop('no_ccp')
    const done = await this.#begin(by, what, token)
    const answer = await send(caller)
    done(answer.status, answer.error)
    return answer
  }

  /** Waits for its turn. @returns how to note the end of the call. */
  async #begin(
    by: CallBy,
    what: CallFor,
    token: number,
  ): Promise<(status: number | null, error: string | null) => void> {
    const { startedAt, now, pause } = this.parts
    const dueAt = (): number => Math.max(startedAt + nextCallAt(this.#records), this.#startsAt)
    while (now() < dueAt()) await pause(dueAt() - now())
    const at = now()
    this.#startsAt = at + 1_000
    return (status, error) => {
      this.#records.push({ by, for: what, token, at: at - startedAt, status, error, tookMs: now() - at })
    }
  }
}

const authentication = (token: string): object => ({ authentication: { authToken: token } })
