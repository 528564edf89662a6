import type { AgentState } from '../domain/agent'
import type { DirectPathHealth } from '../domain/capabilities'
import type { CallError, CloseResult, DirectAttempt } from '../domain/close-report'
import { refusesEnqueue } from '../domain/close-report'
import { NOT_SENT_ERROR } from '../domain/close-requests'
import { hasPassed } from '../domain/clock'
import type { NetworkTiming } from '../domain/hold-time'
import { isUndecided, isWarm, toConnectMs } from '../domain/hold-time'
import { putAgentStateBody, snapshotBody } from '../protocol/connect-api'
import type { Access, ApiRequest } from './api-call'
import { apiAddress } from './api-endpoint'
import { apiRequest, expiryOf, readPutAnswer, send, sendKeepalive, sendSynchronously } from './api-call'
import { Connection } from './connection'
import { isGecko } from './gecko'
import { guard } from './guard'
import { natives } from './natives'
import { PageToken } from './page-token'
import type { InsecureParams } from './shared-worker-params'
import { bag } from './streams'

/** Firefox cuts off a synchronous request of a closing tab at about 1 s, with the answer unknown: measured. */
const SYNC_LIMIT_MS = 800
/** The same for the last window, with which Firefox ends what has not left: the request has to leave before it is cut off. */
const LAST_WINDOW_SYNC_LIMIT_MS = 1_400
const LEFT_BY_MS = 900
/** How often the path is tried while it may be needed: a connection's timing changes. */
const PROBE_AGAIN_MS = 5 * 60_000
/** How often the page checks whether a probe is due; each time half as long to half as much again, at random. */
const PROBE_LOOK_MS = 60_000
export const LONGEST_LOOK_MS = 1.5 * PROBE_LOOK_MS
/** After this long a probe says nothing of the present network. */
const FRESH_MS = PROBE_AGAIN_MS + 2 * LONGEST_LOOK_MS
/** A probe that takes longer has failed, in ms: hanging requests would occupy the few connections that a browser opens to a host. */
const PROBE_LIMIT_MS = 10_000
/** How often a path that has failed is tried. */
const FAILED_AGAIN_MS = 60_000
/** How often it is tried, and looked at, until it is known whether the server closes idle connections. */
const UNDECIDED_AGAIN_MS = 10_000
const UNDECIDED_LOOK_MS = 20_000

/**
 * A `keepalive` request that fails this soon, in ms, has not left the browser: all such requests of a page together may have 64
 * KiB, and their number is limited.
 */
const NOT_SENT_MS = 20
const NOT_SENT: CallError = {
  type: NOT_SENT_ERROR,
  message: 'Given up by the browser at once: too many requests, or no network',
}

interface Probed {
  readonly status: 'works' | 'failed'
  /** In ms; null where no usable answer came. */
  readonly roundTripMs: number | null
  readonly at: number
}

/**
 * The instance's own API, called by the page without Streams: it does not end with the SharedWorker. A capability that is found
 * out, never assumed. The token is the page's own; it goes to the page's own origin alone, and remains in the page unless the
 * background has asked for it (see `token-messages.ts`).
 */
export class DirectPath {
  /** What the page handed to Streams. */
  readonly token = new PageToken()
  /** The result of the last probe; null before the first. */
  #probed: Probed | null = null
  /** The slower of the last two round trips, in ms. */
  #slowerMs = Infinity
  #probedAt = 0
  #isProbing = false
  readonly #connection = new Connection()

  /**
   * @param isAllowed whether the settings allow the path to be used, or tried.
   * @param onProbed called when a probe is over.
   */
  readonly #isAllowed: () => boolean
  readonly #onProbed: () => void

  constructor(isAllowed: () => boolean, onProbed: () => void) {
    this.#isAllowed = isAllowed
    this.#onProbed = onProbed
  }

  /** Takes what the page handed to Streams; an endpoint on another origin is ignored. */
  adopt(params: InsecureParams): void {
    const { authToken, endpoint, authTokenExpiration } = params
    const url = apiAddress(endpoint)
    if (url === null || typeof authToken !== 'string' || authToken === '') return
    this.token.take({ url, token: authToken, expiresAt: expiryOf(authTokenExpiration) })
  }

  /** Takes a newer token, unless `forget` has been called. */
  renew(access: Access): void {
    if (this.token.access() !== null) this.token.take(access)
  }

  /** Drops the token: the extension is gone from this page. */
  forget(): void {
    this.token.forget()
  }

  /** The address and the token of a request; null where the path is not available. */
  usable(): Access | null {
    return this.#status() === 'usable' ? this.token.access() : null
  }

  health(): DirectPathHealth {
    const status = this.#status()
    const { roundTripMs = null, at = null } = this.#probed ?? {}
    return { status: status === 'usable' ? (this.#probed?.status ?? 'untried') : status, roundTripMs, at }
  }

  /** The last measurement of the network path; null where no recent probe was answered. */
  currentTiming(): NetworkTiming | null {
    return this.#isProbeFresh() ? this.#connection.timing : null
  }

  /** Whether a request would need a new connection now, as far as is known. */
  isCold(): boolean {
    const timing = this.currentTiming()
    return timing !== null && !isWarm(timing, natives.now())
  }

  /** Opens a connection before it is needed, where that helps. */
  warmUp(): void {
    if (this.usable() !== null) this.#connection.warmUp()
  }

  /** How long to wait before the next timed probe, in ms: at random, since Streams' requests have a rhythm. */
  lookAgainMs(): number {
    const { timing } = this.#connection
    return (timing === null || isUndecided(timing) ? UNDECIDED_LOOK_MS : PROBE_LOOK_MS) * (0.5 + natives.random())
  }

  /**
   * Finds out whether the path works and how long it takes, unless a recent probe has shown it.
   * @param isTimed false where an answer to Streams is the occasion: the connection that it came over is still open, so that the
   * probe shows nothing of idle ones (see `withMeasured`), and a recent one will do.
   */
  probe(isTimed: boolean): void {
    // By this machine's clock alone a token may seem to be over: the answer tells.
    const isDoubtful = this.#status() === 'expired' && !this.token.isCompared()
    const access = isDoubtful ? this.token.access() : this.usable()
    const startedAt = natives.now()
    const againMs = isTimed ? this.#probeAgainMs() : FRESH_MS
    if (access === null || this.#isProbing || !hasPassed(this.#probedAt, againMs, startedAt)) return
    this.#probedAt = startedAt
    this.#isProbing = true
    const request = apiRequest(access, 'GetAgentSnapshot', snapshotBody(access.token))
    // Whether connections are kept open: where the one that has just answered is found again.
    const again = (): void => {
      const stopAgain = this.#connection.measureNext(access.url, 'right_after')
      send(access.url, request, natives.abortAfter(PROBE_LIMIT_MS)).then(() => undefined, guard(stopAgain))
    }
    const stop = this.#connection.measureNext(access.url, isTimed ? 'timed' : 'any', again)
    const finish = (status: Probed['status']): void => {
      this.#isProbing = false
      const roundTripMs = status === 'works' ? natives.now() - startedAt : null
      this.#slowerMs = Math.max(roundTripMs ?? Infinity, this.#probed?.roundTripMs ?? 0)
      this.#probed = { status, roundTripMs, at: startedAt }
      if (status === 'failed') {
        stop()
        this.#connection.forget()
      }
      this.#onProbed()
    }
    send(access.url, request, natives.abortAfter(PROBE_LIMIT_MS)).then(
      guard((answer) => {
        const isSnapshot = answer.is === 'answer' && Object.hasOwn(answer.body, 'snapshot')
        if (isSnapshot) this.token.compareClocks(bag(answer.body['snapshot'])['snapshotTimestamp'])
        finish(isSnapshot ? 'works' : 'failed')
      }),
      guard(() => finish('failed')),
    )
  }

  /**
   * How the state would be sent: in Firefox synchronously, while the last two answers let one be expected in time, since that
   * answer is Connect's word; otherwise as a `keepalive` request, which outlives the page. null where the path is not available.
   */
  plan(isLastWindow = false): DirectAttempt | null {
    if (this.usable() === null) return null
    // Chromium refuses synchronous requests while a page is dismissed; Firefox does not.
    if (!isGecko() || !this.#isProbeFresh()) return 'keepalive'
    const { timing } = this.#connection
    const leavesInTime = isLastWindow && timing !== null && toConnectMs(timing, natives.now()) <= LEFT_BY_MS
    return this.#slowerMs <= (leavesInTime ? LAST_WINDOW_SYNC_LIMIT_MS : SYNC_LIMIT_MS) ? 'sync' : 'keepalive'
  }

  /** The request that sets a state; null where the path is not available. */
  putRequest(state: AgentState, enqueue: boolean): { readonly url: string; readonly request: ApiRequest } | null {
    const access = this.usable()
    if (access === null) return null
    return {
      url: access.url,
      request: apiRequest(access, 'PutAgentState', putAgentStateBody(access.token, state, enqueue)),
    }
  }

  /**
   * Sends the state straight to Connect. A synchronous request may be cut off together with all that follows it in the page: send
   * first what must be sent.
   * @param onResult called with Connect's answer: within this call, later if the page lives, or never.
   */
  put(how: DirectAttempt, state: AgentState, enqueue: boolean, onResult: (result: CloseResult) => void): void {
    const made = this.putRequest(state, enqueue)
    if (made === null) return
    const hear = (result: CloseResult): void => {
      if (enqueue && !result.ok && refusesEnqueue(result.error)) this.put(how, state, false, onResult)
      else onResult(result)
    }
    if (how === 'sync') {
      sendSynchronously(made.url, made.request, hear)
      return
    }
    const sentAt = natives.performanceNow()
    sendKeepalive(made.url, made.request, hear, () => {
      // The page got no response: what became of the request is unknown, unless it never left.
      if (natives.performanceNow() - sentAt > NOT_SENT_MS || !natives.isOnline()) return
      onResult({ ok: false, error: NOT_SENT })
      // Without `keepalive` there is no quota: it arrives if the page lives long enough.
      send(made.url, made.request).then(
        guard((answer) => hear(readPutAnswer(answer))),
        guard(() => undefined),
      )
    })
  }

  #status(): 'usable' | 'forbidden' | 'no_token' | 'expired' {
    if (!this.#isAllowed()) return 'forbidden'
    if (this.token.access() === null) return 'no_token'
    return natives.now() < this.token.expiresAt() ? 'usable' : 'expired'
  }

  #isProbeFresh(): boolean {
    return !hasPassed(this.#probed?.at ?? 0, FRESH_MS, natives.now())
  }

  #probeAgainMs(): number {
    const { timing } = this.#connection
    if (timing !== null) return isUndecided(timing) ? UNDECIDED_AGAIN_MS : PROBE_AGAIN_MS
    return this.#probed?.status === 'failed' ? FAILED_AGAIN_MS : PROBE_AGAIN_MS
  }
}
