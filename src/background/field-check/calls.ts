import { mayFollow, nextCallAt } from '../../domain/field-check/call-pace'
import type { StopReason } from '../../domain/field-check/check'
import type { ChosenState } from '../../domain/field-check/looks'
import type { CallBy, CallFor, CallRecord } from '../../domain/field-check/observations'
import type { ApiOperation } from '../../protocol/connect-api'
import { API_HEADERS, apiTarget, putAgentStateBody, snapshotBody } from '../../protocol/connect-api'
import type { Caller } from './callers'
import type { RawAnswer } from './raw-answer'

/** Thrown where the check cannot continue, with the reason. */
export class Stop extends Error {
  constructor(readonly reason: StopReason) {
    super(reason)
  }
}

export interface CallParts {
  /** Null where no CCP of the agent is open. */
  readonly caller: (by: CallBy) => Promise<Caller | null>
  /** Checks whose configuration was answered. Throws `Stop` where it is another agent's. */
  readonly checkWho: (body: Readonly<Record<string, unknown>>) => void
  readonly startedAt: number
  readonly now: () => number
  /** Waits. Rejects with `Stop` where the check is to end meanwhile. */
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

/** How often a call is made before the check gives up: a fresh token may be refused at first. */
const TRIES = 4
/** The parameters with which Streams requests lists. */
const LIST = { nextToken: null, maxResults: 500 } as const

/**
 * The calls that one worker makes for a check. There is at most one call a second, an uncertain call never
 * follows a refusal, and every call is recorded. Tokens are kept only in this object.
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

  /** Asks for a token, and keeps it if `isKept`. @returns the answer */
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

  /** Makes one call with the caller's token. Throws `Stop` where it has none. */
  async once(by: CallBy, what: ApiFor, body: (token: string) => object): Promise<RawAnswer> {
    const token = this.#tokens.get(by)
    if (token === undefined) throw new Stop('signed_out')
    return this.#make(by, what, token.nth, (caller) => {
      const headers = { ...API_HEADERS, 'X-Amz-Target': apiTarget(OPERATIONS[what]), 'X-Amz-Bearer': token.value }
      return caller.post({ headers, body: JSON.stringify(body(token.value)) })
    })
  }

  /**
   * Makes a call that has to be answered: asks for a token if the
   * caller lacks one, and tries again if a fresh token is refused.
   * @returns the answer's object
   * @throws Stop where there is no answer
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
        // The token worked before, so it or the session has expired.
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

  /**
   * Requests a snapshot.
   * @param since the `nextToken` of an earlier one: then it is a long poll, answered at a change
   */
  look(by: CallBy, since?: string) {
    return this.settled(by, 'look', (token) => snapshotBody(token, since))
  }

  /** Requests a status once. @returns the answer */
  async change(by: CallBy, to: ChosenState): Promise<RawAnswer> {
    if (!this.hasToken(by)) await this.#firstToken(by, 'change')
    const state = { ...to, startTimestamp: null, type: to.type as 'routable' }
    return this.once(by, 'change', (token) => putAgentStateBody(token, state, false))
  }

  /** Waits for the turn of a call that `work` makes, and records it. */
  async turn<T>(by: CallBy, what: CallFor, work: () => Promise<{ status: number | null; value: T }>): Promise<T> {
    const done = await this.#begin(by, what, 0)
    const { status, value } = await work()
    done(status, null)
    return value
  }

  /** Drops another agent's token at once, so that it is never used for another call. */
  #checkWho(by: CallBy, body: Readonly<Record<string, unknown>>): void {
    try {
      this.parts.checkWho(body)
    } catch (error) {
      this.#tokens.delete(by)
      throw error
    }
  }

  /** Whether a call with the caller's token has succeeded before. */
  #wasTaken(by: CallBy): boolean {
    const nth = this.#tokens.get(by)?.nth
    return this.#records.some((call) => call.by === by && call.token === nth && call.status === 200)
  }

  /** Gets a token, and checks whose it is before anything else is done with it. */
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
      // A call that is known to succeed comes in between.
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

  /** Waits for the call's turn. @returns a function that records the end of the call */
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
