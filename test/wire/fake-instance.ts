/**
 * The instance's API as the background calls it after a close: one session, one agent, and a list of what was set. It
 * answers as recorded on real instances, unless a test says otherwise: a state's start is the snapshot's time minus the
 * whole seconds in the state, the agent's own choice is reported separately, and only Offline has an ARN.
 */
import { CONTACT_NULLS } from '../recorded/snapshots'
import type { ToldArns } from './streams'
import { isChoice, toldArn } from './streams'

interface WireState {
  readonly name: string
  readonly type: string
  readonly agentStateARN: string | null
  /** Seconds, as in AWS JSON: when the state really began. */
  readonly startTimestamp: number
}

interface Contact {
  readonly contactId?: string
  readonly type?: string
  readonly state: { readonly type: string }
}

/** The part of a request that the instance reads. */
export interface Init {
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly credentials?: string
}

const HEADERS = { 'Content-Type': 'application/x-amz-json-1.0' }
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: HEADERS })

/** The states that the agent may choose, besides the current one. */
const LIST: readonly WireState[] = [
  { name: 'Disponible', type: 'routable', agentStateARN: 'arn:1', startTimestamp: 0 },
  { name: 'Comida', type: 'not_routable', agentStateARN: 'arn:2', startTimestamp: 0 },
  { name: 'Sin conexión', type: 'offline', agentStateARN: 'arn:3', startTimestamp: 0 },
]

export class FakeInstance {
  /** The user who is signed in in this browser. */
  session: string | null = null
  nextState: WireState | null = null
  contacts: readonly Contact[] | null = []
  isReachable = true
  answersNothing = false
  refusesExtensions = false
  /** The error that answers each `PutAgentState`. */
  putError: string | null = null
  /** Tokens that are no longer valid. */
  readonly expired = new Set<string>()
  /** The `credentials` mode of each request. */
  readonly credentials: (string | undefined)[] = []
  readonly puts: string[] = []
  /** The body of each `PutAgentState`. */
  readonly putBodies: Record<string, unknown>[] = []
  asked = 0
  /** The list of states, if it differs from that of these tests' agents. */
  list: readonly WireState[] | null = null
  /** Whether snapshots contain the agent's own choice, as recorded ones do. */
  tellsAvailability = true
  /** Which states in snapshots come with their ARN. */
  tellsArns: ToldArns = 'offline'
  /** How long a change takes to appear in snapshots, in ms. */
  showsLateMs = 0
  /** How many `PutAgentState` requests are accepted without effect. */
  dropsPuts = 0
  /** The answers to the first requests, whatever they ask for. */
  readonly first: (() => Response)[] = []
  /** How many first calls with each new token are denied. */
  deniesNewTokens = 0
  private readonly callsOf = new Map<string, number>()
  /** How many tokens were issued. */
  issued = 0
  private shown: WireState | null = null
  private shownFrom = 0
  private current: WireState | null = null
  private chosen: { readonly name: string; readonly since: number } | null = null

  get state(): WireState | null {
    return this.current
  }

  /** A state caused by a contact leaves the agent's choice as it is. */
  set state(state: WireState | null) {
    this.shown = Date.now() >= this.shownFrom ? this.current : this.shown
    this.shownFrom = Date.now() + (this.current === null ? 0 : this.showsLateMs)
    this.current = state
    if (state !== null && isChoice(state)) {
      this.chosen = { name: state.name, since: state.startTimestamp }
    }
  }

  /** The agent's own choice, if a contact had already covered it when the test began. */
  choose(state: WireState): void {
    this.chosen = { name: state.name, since: state.startTimestamp }
  }

  readonly fetch = (url: string, init: Init = {}): Promise<Response> => {
    this.asked += 1
    this.credentials.push(init.credentials)
    if (this.answersNothing) return new Promise(() => undefined)
    if (!this.isReachable) return Promise.reject(new TypeError('Failed to fetch'))
    return Promise.resolve(this.first.shift()?.() ?? this.answer(url, init))
  }

  /** How many log-outs there were. */
  logOuts = 0

  private answer(url: string, { headers = {}, body = '{}' }: Init) {
    if (url.endsWith('/auth/authorize')) {
      if (this.session === null) return json(401, { __type: 'UnauthorizedException' })
      this.issued += 1
      const nth = this.deniesNewTokens > 0 ? `#${this.issued}` : ''
      return json(200, { accessToken: `token-of-${this.session}${nth}` })
    }
    if (url.endsWith('/logout')) {
      this.logOuts += 1
      this.session = null
      return json(200, {})
    }
    if (this.refusesExtensions) return json(403, { __type: 'AccessDeniedException' })
    const token = headers['X-Amz-Bearer'] ?? ''
    const calls = (this.callsOf.get(token) ?? 0) + 1
    this.callsOf.set(token, calls)
    if (this.expired.has(token) || calls <= this.deniesNewTokens) return json(401, { __type: 'UnauthorizedException' })
    switch (headers['X-Amz-Target']?.split('.')[1]) {
      case 'GetAgentConfiguration':
        return json(200, { configuration: { username: /^token-of-([^#]*)/.exec(token)?.[1] ?? this.session } })
      case 'GetAgentSnapshot':
        return json(200, { snapshot: this.snapshot(), nextToken: 'token' })
      case 'GetAgentStates':
        return json(200, { states: this.states(), nextToken: null })
      case 'PutAgentState': {
        if (this.putError !== null) return json(400, { __type: this.putError, message: 'No' })
        const { state } = JSON.parse(body) as { state: WireState }
        this.putBodies.push({ ...state })
        if (this.dropsPuts > 0) {
          this.dropsPuts -= 1
          return json(200, {})
        }
        this.puts.push(state.type)
        this.state = { ...state, startTimestamp: Date.now() / 1000 }
        return json(200, {})
      }
      default:
        return json(400, { __type: 'UnknownOperationException' })
    }
  }

  /** As recorded, states of the list have no time. The agent's own state is added if it is missing. */
  private states(): readonly object[] {
    const { current } = this
    const known = this.list ?? LIST
    const isOwn = current !== null && isChoice(current)
    const isMissing =
      isOwn && this.list === null && known.every(({ agentStateARN: arn }) => arn !== current.agentStateARN)
    return [...known, ...(isMissing ? [current] : [])].map((state) => ({ ...state, startTimestamp: null }))
  }

  private snapshot(): object {
    const now = Date.now() / 1000
    const state = Date.now() >= this.shownFrom || this.shown === null ? this.current : this.shown
    const isCurrent = state === this.current
    const seconds = state === null ? 0 : Math.max(0, Math.floor(now - state.startTimestamp))
    const choice = isCurrent ? this.chosen : state && { name: state.name, since: state.startTimestamp }
    return {
      state: state && {
        ...state,
        agentStateARN: toldArn(state, this.tellsArns),
        startTimestamp: Math.max(state.startTimestamp, now - seconds),
      },
      nextState: this.nextState,
      ...(this.tellsAvailability &&
        choice && { agentAvailabilityState: { state: choice.name, timeStamp: choice.since } }),
      contacts: this.contacts?.map((contact) => ({ ...CONTACT_NULLS, ...contact })) ?? null,
      snapshotTimestamp: now,
    }
  }
}
