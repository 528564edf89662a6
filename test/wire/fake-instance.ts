/** The instance's API as the background asks it after a close: one session, one agent, and a list of what was set. */
interface WireState {
  readonly name: string
  readonly type: string
  readonly agentStateARN: string
  /** Seconds, as AWS JSON has them. */
  readonly startTimestamp: number
}

interface Init {
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly credentials?: string
}

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status })

export class FakeInstance {
  /** Who is signed in in this browser. */
  session: string | null = null
  state: WireState | null = null
  nextState: WireState | null = null
  contacts: { contactId?: string; state: { type: string } }[] = []
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
  asked = 0

  readonly fetch = (url: string, init: Init = {}): Promise<Response> => {
    this.asked += 1
    this.credentials.push(init.credentials)
    if (this.answersNothing) return new Promise(() => undefined)
    if (!this.isReachable) return Promise.reject(new TypeError('Failed to fetch'))
    return Promise.resolve(this.answer(url, init))
  }

  /** How often somebody was logged out. */
  logOuts = 0

  private answer(url: string, { headers = {}, body = '{}' }: Init) {
    if (url.endsWith('/auth/authorize')) {
      return this.session === null ? json(401, {}) : json(200, { accessToken: `token-of-${this.session}` })
    }
    if (url.endsWith('/logout')) {
      this.logOuts += 1
      this.session = null
      return json(200, {})
    }
    if (this.refusesExtensions) return json(403, { __type: 'AccessDeniedException' })
    const token = headers['X-Amz-Bearer'] ?? ''
    if (this.expired.has(token)) return json(401, { __type: 'UnauthorizedException' })
    switch (headers['X-Amz-Target']?.split('.')[1]) {
      case 'GetAgentConfiguration':
        return json(200, { configuration: { username: /^token-of-(.*)$/.exec(token)?.[1] ?? this.session } })
      case 'GetAgentSnapshot':
        return json(200, { snapshot: { state: this.state, nextState: this.nextState, contacts: this.contacts } })
      case 'PutAgentState': {
        if (this.putError !== null) return json(400, { __type: this.putError, message: 'No' })
        const { state } = JSON.parse(body) as { state: WireState }
        this.puts.push(state.type)
        this.state = { ...state, startTimestamp: Date.now() / 1000 }
        return json(200, {})
      }
      default:
        return json(400, { __type: 'UnknownOperationException' })
    }
  }
}
