/**
 * The instance's API as the background asks it after a close: one session, one agent, and a list of what was set. It answers
 * as real instances were recorded to: a state's start is the time of the snapshot minus the whole seconds in the state, and
 * the agent's own choice is told beside it.
 */
interface WireState {
  readonly name: string
  readonly type: string
  readonly agentStateARN: string | null
  /** Seconds, as AWS JSON has them: when the state truly began. */
  readonly startTimestamp: number
}

interface Contact {
  readonly contactId?: string
  readonly type?: string
  readonly state: { readonly type: string }
}

interface Init {
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly credentials?: string
}

const HEADERS = { 'Content-Type': 'application/x-amz-json-1.0' }
const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: HEADERS })

/** What the agent may choose, beside the state that they are in. */
const LIST: readonly WireState[] = [
  { name: 'Disponible', type: 'routable', agentStateARN: 'arn:1', startTimestamp: 0 },
  { name: 'Comida', type: 'not_routable', agentStateARN: 'arn:2', startTimestamp: 0 },
  { name: 'Sin conexión', type: 'offline', agentStateARN: 'arn:3', startTimestamp: 0 },
]
const CHOSEN_TYPES = ['routable', 'not_routable', 'offline']

export class FakeInstance {
  /** Who is signed in in this browser. */
  session: string | null = null
  nextState: WireState | null = null
  contacts: readonly Contact[] = []
  isReachable = true
  answersNothing = false
  refusesExtensions = false
  /** The error that each `PutAgentState` is answered with. */
  putError: string | null = null
  /** Tokens that are good no more. */
  readonly expired = new Set<string>()
  /** What each request bore of the browser's cookies. */
  readonly credentials: (string | undefined)[] = []
  readonly puts: string[] = []
  /** The body of each `PutAgentState`. */
  readonly putBodies: Record<string, unknown>[] = []
  asked = 0
  /** The list of states, where it is not what the agents of these tests have. */
  list: readonly WireState[] | null = null
  /** Whether snapshots tell the agent's own choice, as recorded ones do. */
  tellsAvailability = true
  /** Whether snapshots name the state's ARN. */
  tellsArn = true
  /** How long a change takes to show in snapshots, in ms. */
  showsLateMs = 0
  /** `PutAgentState` is answered, and nothing comes of it. */
  dropsPuts = 0
  /** What the first requests are answered with, whatever they ask for. */
  readonly first: (() => Response)[] = []
  /** The same for the first calls with each new token. */
  deniesNewTokens = 0
  private readonly callsOf = new Map<string, number>()
  private issued = 0
  private shown: WireState | null = null
  private shownFrom = 0
  private current: WireState | null = null
  private chosen: { readonly name: string; readonly since: number } | null = null

  get state(): WireState | null {
    return this.current
  }

  /** A state that a contact makes leaves the agent's choice as it is. */
  set state(state: WireState | null) {
    this.shown = Date.now() >= this.shownFrom ? this.current : this.shown
    this.shownFrom = Date.now() + (this.current === null ? 0 : this.showsLateMs)
    this.current = state
    if (state !== null && CHOSEN_TYPES.includes(state.type.toLowerCase())) {
      this.chosen = { name: state.name, since: state.startTimestamp }
    }
  }

  /** The agent's own choice, where a contact has covered it before anything else was known of them. */
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

  /** How often somebody was logged out. */
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
        return json(200, { snapshot: this.snapshot() })
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

  /** As recorded, each state of the list has no time. A state of the agent's that is not in it is added. */
  private states(): readonly object[] {
    const { current } = this
    const known = this.list ?? LIST
    const isOwn = current !== null && CHOSEN_TYPES.includes(current.type.toLowerCase())
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
        ...(!this.tellsArn && { agentStateARN: null }),
        startTimestamp: Math.max(state.startTimestamp, now - seconds),
      },
      nextState: this.nextState,
      ...(this.tellsAvailability &&
        choice && { agentAvailabilityState: { state: choice.name, timeStamp: choice.since } }),
      contacts: this.contacts,
      snapshotTimestamp: now,
    }
  }
}
